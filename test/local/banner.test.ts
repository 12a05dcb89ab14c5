import { expect, it } from 'vitest';
import { banner } from '../../local/banner.ts';

const ADD = 'npm run --silent operator -- operators add you@example.com --name "Your name"';

it.each([
  ['3000', ADD],
  ['3456', `PORT=3456 ${ADD}`],
])('the banner names the command that adds an operator of the service at port %s', (port, command) => {
  const url = `http://localhost:${port}`;
  const lines = banner({ url, timeZone: 'UTC', dataDir: '.local', demo: undefined, people: [] }).split('\n');
  expect(lines).toContain(`Operators' pages: ${url}/operator Add yourself as an operator:`);
  expect(lines).toContain(`  ${command}`);
});
