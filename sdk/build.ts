import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateClient } from './generate-client.ts';

/**
 * Builds the SDK into `sdk/dist`: generates the client, then compiles it together with the code in `sdk/src`. Removes
 * the previous build first, so that a package contains no file of a source that no longer exists.
 */
await generateClient();
rmSync(join(import.meta.dirname, 'dist'), { recursive: true, force: true });
const tsc = fileURLToPath(import.meta.resolve('typescript/bin/tsc'));
const compiled = spawnSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'src')], { stdio: 'inherit' });
process.exitCode = compiled.status ?? 1;
