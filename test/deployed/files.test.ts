import { describe, expect, it } from 'vitest';
import { filesOnDeployed, filesWithService, leftOut } from './files.ts';

describe('the test files that start the whole service', () => {
  it('run on the deployed service, except for a few', () => {
    expect(filesOnDeployed.length).toBeGreaterThan(60);
    expect(Object.keys(leftOut).length).toBeLessThan(20);
  });

  it('are left out only if they exist, so the list of exceptions has no old names', () => {
    expect(Object.keys(leftOut).filter((file) => !filesWithService.includes(file))).toEqual([]);
  });
});
