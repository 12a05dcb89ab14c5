import type { Edit, EditableResource } from './cloud/templates.ts';

/** Returns the edit that changes one resource, found by its type and the beginning of its logical ID. */
export const change =
  (type: string, start: string, edit: (resource: EditableResource) => void): Edit =>
  (resources) => {
    const found = resources.filter(({ Type, logicalId }) => Type === type && logicalId.startsWith(start));
    if (found.length !== 1) throw new Error(`${found.length} resources of type ${type} begin with ${start}.`);
    found.forEach(edit);
  };

interface Statement {
  Action: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}
/**
 * Returns the edit that changes the statements of a policy that allow an action. The policy is found by the beginning
 * of its logical ID, which is that of its role.
 */
export const changeRight = (role: string, action: string, edit: (statement: Statement) => Statement[]): Edit =>
  change('AWS::IAM::Policy', role, ({ Properties }) => {
    const document = Properties['PolicyDocument'] as { Statement: Statement[] };
    document.Statement = document.Statement.flatMap((one) =>
      [one.Action].flat().includes(action) ? edit(one) : [one],
    );
  });
/** Returns the edit that removes an environment variable of a function. */
export const withoutVariable = (start: string, name: string): Edit =>
  change('AWS::Lambda::Function', start, ({ Properties }) => {
    const { Variables } = Properties['Environment'] as { Variables: Record<string, unknown> };
    Reflect.deleteProperty(Variables, name);
  });
/** Returns the edit that changes the properties of an event source mapping. */
export const changeMapping = (start: string, edit: (properties: Record<string, unknown>) => void): Edit =>
  change('AWS::Lambda::EventSourceMapping', start, ({ Properties }) => {
    edit(Properties);
  });
