import { counts, pairs } from '../operator/layout.ts';
import type { Result } from './run-checks.ts';

/**
 * Formats the results as a line for each check, and a second line with what to do next, if there is anything. Names
 * checks that have no answer for the same reason as an earlier one together, in a third line of the earlier one. The
 * last line says how many things the operator must do.
 */
export function showResults(results: readonly Result[]): string {
  const lines = pairs(Object.fromEntries(results.map(({ check, state }) => [check, state]))).split('\n');
  const width = Math.max(...lines.map(({ length }) => length));
  const indent = ' '.repeat(Math.max(...results.map(({ check }) => check.length)) + 2);
  const alike = Map.groupBy(results, ({ found, next }) => `${found}\n${next ?? ''}`);
  const shown = results.flatMap((result, index) => {
    const { found, next } = result;
    const [first, ...others] = alike.get(`${found}\n${next ?? ''}`) ?? [];
    if (result.state === 'not checked' && result !== first) return [];
    const line = `${(lines[index] ?? '').padEnd(width)}  ${found}`;
    if (next === undefined) return [line];
    const unchecked = result === first ? others.filter(({ state }) => state === 'not checked') : [];
    const also = `${indent}  Not checked for the same reason: ${unchecked.map(({ check }) => check).join(', ')}`;
    return [line, `${indent}→ ${next}`, ...(unchecked.length > 0 ? [also] : [])];
  });
  return [...shown, '', summaryOf(results)].join('\n');
}

function summaryOf(results: readonly Result[]): string {
  const count = (state: Result['state']) => results.filter((result) => result.state === state).length;
  const [toDo, unchecked] = [count('to do'), count('not checked')];
  if (toDo === 0 && unchecked === 0) return 'Nothing has to be done.';
  return `${counts(toDo, 'thing')} to do, ${counts(unchecked, 'check')} without an answer.`;
}
