/** Named fragments of condition expressions. Only this file contains the names of DynamoDB's condition functions. */

/** The condition that an item with the write's key exists. */
export const exists = 'attribute_exists(pk)';
/** The condition that no item with the write's key exists. */
export const absent = 'attribute_not_exists(pk)';

/** Returns the condition that an item has an attribute. The path may begin with a placeholder such as `#name`. */
export const isSet = (path: string) => `attribute_exists(${path})`;
/** Returns the condition that an item lacks an attribute. The condition is also true when there is no item. */
export const isUnset = (path: string) => `attribute_not_exists(${path})`;
/** Returns the condition that an item lacks an attribute, or has the attribute and fulfils `condition`. */
export const isUnsetOr = (path: string, condition: string) => `(${isUnset(path)} OR ${condition})`;
