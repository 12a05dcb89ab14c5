import { describe, expect, it } from 'vitest';
import { filesOnDeployed, filesWithService, leftOut } from './files.ts';

describe('the test files that start the whole service', () => {
  it('run on the deployed service, or are left out for a reason', () => {
    expect(Object.keys(leftOut).filter((file) => !filesWithService.includes(file))).toEqual([]);
    expect(filesOnDeployed.length).toBeGreaterThan(60);
    expect([...filesOnDeployed, ...Object.keys(leftOut)].sort()).toEqual(filesWithService);
  });
});
