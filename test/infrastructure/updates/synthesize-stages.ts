import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serviceNameOf } from '../../../config/service-name.ts';
import { readStage } from '../../../config/stage.ts';
import { stages } from '../../../config/stages.ts';
import { childEnvironment } from '../../support/child-processes.ts';
import { makeConsoleFolder } from '../../support/console-folder.ts';
import type { StackTemplate } from '../../support/stack-template.ts';
import type { Stacks } from './harmful-changes.ts';
import { readTemplates } from './release-files.ts';

/**
 * Returns the templates of each stage in `config/stages.ts`. Runs `bin/app.ts` as the CDK CLI does, in a process for
 * each stage, but does not bundle the Lambda functions. Throws `StageError` if the settings of a stage are wrong.
 */
export async function synthesizeStages(): Promise<Record<string, Stacks<StackTemplate>>> {
  const names = Object.keys(stages);
  // Before the processes start, because a process that fails prints a stack trace.
  for (const name of names) readStage(stages, name);
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  const console = makeConsoleFolder();
  const templates: Record<string, Stacks<StackTemplate>> = {};
  try {
    for (const stage of names) {
      const folder = mkdtempSync(join(tmpdir(), 'templates-'));
      const settings = { ...context, stage, console: console.folder, 'aws:cdk:bundling-stacks': [] };
      const env = childEnvironment({
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify(settings),
        // Other tests check the templates.
        CDK_VALIDATION: 'false',
      });
      await promisify(execFile)(process.execPath, ['bin/app.ts'], { env });
      templates[stage] = readTemplates(folder, `${serviceNameOf(stage)}-`);
      rmSync(folder, { recursive: true });
    }
  } finally {
    console.remove();
  }
  return templates;
}
