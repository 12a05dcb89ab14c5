import { join } from 'node:path';
import { assemble, type Assembly } from './assembly.ts';
import type { Front } from './aws/front.ts';
import { readFunctions, type FunctionDefinition } from './functions/definition.ts';
import { createPool, type Pool } from './functions/pool.ts';
import { builtTypes } from './inventory.ts';
import { readRights, type Rights } from './rights.ts';
import { edited, readTemplates, type Edit } from './templates.ts';

/**
 * Everything that one set of templates deploys: the resolved resources, the policies, and the processes of the
 * functions. Several clouds can run the same release one after another or at the same time, and then share its
 * processes.
 */
export interface Release {
  readonly assembly: Assembly;
  readonly functions: readonly FunctionDefinition[];
  readonly rights: Rights;
  readonly poolOf: (definition: FunctionDefinition) => Pool;
  stop(): Promise<void>;
}

export interface ReleaseOptions {
  /** The folder into which the CDK wrote the templates and the bundles. */
  readonly folder: string;
  readonly front: Front;
  readonly nameServer: string;
  /** Changes of the templates. @default - the templates as the CDK wrote them */
  readonly edits?: readonly Edit[];
}

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
/** The name of the compiled runtime beside the templates. */
export const RUNTIME = 'runtime.mjs';

/** Reads what the templates in a folder deploy. Throws if the harness does not know a part of the templates. */
export function openRelease({ folder, front, nameServer, edits = [] }: ReleaseOptions): Release {
  const templates = edited(readTemplates(folder), edits);
  const assembly = assemble(templates, { account: ACCOUNT, region: REGION, endpoint: front.endpoint });
  const functions = readFunctions(assembly, folder);
  const surroundings = { region: REGION, endpoint: front.endpoint, nameServer, runtime: join(folder, RUNTIME) };
  const pools = new Map<FunctionDefinition, Pool>();
  return {
    assembly,
    functions,
    rights: readRights(assembly, builtTypes),
    poolOf: (definition) => {
      const pool = pools.get(definition) ?? createPool(definition, surroundings);
      pools.set(definition, pool);
      return pool;
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}
