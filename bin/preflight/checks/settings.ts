import { fine, toDo, type Check, type Context } from '../check.ts';

/** Finds the domains and the account of the examples in `config/stages.ts`. */
const EXAMPLE = /(^|[@./])example\.(com|org|net)(?![\w.-])|:123456789012:/;

/** Checks that the stage has settings of its own, and not the example values. */
export const settings: Check = {
  name: 'settings',
  run({ stage }) {
    const examples = examplesIn(stage);
    if (examples.length === 0) return fine(`the settings of the stage ${stage.name} are not the example values`);
    return toDo(
      `example values: ${examples.join(', ')}`,
      `Replace these settings of the stage ${stage.name} in config/stages.ts.`,
    );
  },
};

/** Returns the names of the settings that have example values. */
const examplesIn = (stage: Context['stage']): string[] =>
  Object.entries(stage).flatMap(([name, value]) => (typeof value === 'string' && EXAMPLE.test(value) ? [name] : []));
