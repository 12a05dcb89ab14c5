import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

/** The program of the embedded DynamoDB engine on this machine. */
export interface EngineBinary {
  /** The absolute path of the program. */
  readonly path: string;
  /** Where the program was found, for error messages. */
  readonly source: string;
  /** Whether the program is the one that package-lock.json names, with which the tests of this project run. */
  readonly isLocked: boolean;
}

/** The npm package that contains the engine for this platform. Each platform has its own package. */
const PACKAGE = `@dynoxide/${process.platform}-${process.arch}`;
/** The version with which the tests of this project run. */
const VERSION = manifest.optionalDependencies['@dynoxide/linux-x64'];
/** Installs the engine of any platform that has one, and changes no file of the project outside `node_modules`. */
export const INSTALL_ENGINE = `npm install --no-save dynoxide@${VERSION}`;

/**
 * Finds the program of the engine: the path in the environment variable `DYNOXIDE`; the npm package for this platform
 * in `node_modules`; or a program `dynoxide` in a directory of `PATH`, as Homebrew installs it. Throws an error that
 * says what to install when there is none.
 * @default environment - the environment of this process
 * @default packageName - the package for this platform
 */
export function findEngineBinary(environment: NodeJS.ProcessEnv = process.env, packageName = PACKAGE): EngineBinary {
  const named = environment['DYNOXIDE'];
  if (named) {
    const path = resolve(named);
    if (!isProgram(path)) throw new Error(`DYNOXIDE is "${named}". Set the path of a program, or unset DYNOXIDE.`);
    return { path, source: `DYNOXIDE=${named}`, isLocked: false };
  }
  const installed = installedIn(packageName);
  if (installed !== undefined) {
    const isLocked = Object.keys(manifest.optionalDependencies).includes(packageName);
    return { path: installed, source: `the npm package ${packageName}`, isLocked };
  }
  for (const folder of (environment['PATH'] ?? '').split(delimiter)) {
    // An empty entry means the working directory, where nobody expects the engine.
    if (folder === '') continue;
    const path = join(folder, 'dynoxide');
    if (isProgram(path)) return { path, source: path, isLocked: false };
  }
  throw new Error(
    [
      `There is no embedded DynamoDB engine on this machine (${process.platform}-${process.arch}). Install it for macOS, or for Linux on ARM:`,
      '',
      `  ${INSTALL_ENGINE}`,
      '',
      'Or install it elsewhere, and name the program with DYNOXIDE=<path>. Or use a running DynamoDB, such as one in Docker:',
      '',
      '  docker compose up --detach',
      '  DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start',
      '',
      '`npm test` reads the same environment variables.',
    ].join('\n'),
  );
}

function installedIn(packageName: string): string | undefined {
  try {
    const path = join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), 'dynoxide');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
