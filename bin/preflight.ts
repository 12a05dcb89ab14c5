import { runPreflight } from './preflight/command-line.ts';

/** `npm run preflight`: asks AWS and the DNS what a stage still needs, and changes nothing. */
process.exitCode = await runPreflight(process.argv.slice(2), process);
