import { runCommandLine } from './operator/command-line.ts';

/** `npm run operator`: the operator's command line. */
process.exitCode = await runCommandLine(process.argv.slice(2), process);
