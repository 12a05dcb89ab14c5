import { askOn } from './smoke/ask-on-terminal.ts';
import { runSmokeTest } from './smoke/command-line.ts';

/** `npm run smoke`: uses a deployed stage as a new customer does, and removes everything that it has created. */
const { ask, close } = askOn(process.stdin, process.stdout);
process.exitCode = await runSmokeTest(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  ask,
  onStop: (stopped) => {
    process.once('SIGINT', () => {
      stopped();
      process.exit(130);
    });
  },
});
close();
