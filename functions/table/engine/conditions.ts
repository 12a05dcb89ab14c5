/** Named fragments of condition expressions. Only this file spells the functions of DynamoDB's conditions. */

/** The condition that an item stands under the write's key. */
export const exists = 'attribute_exists(pk)';
/** The condition that no item stands under the write's key. */
export const absent = 'attribute_not_exists(pk)';

/** Returns the condition that an item has an attribute. The path is one of an item, or starts with a `#name`. */
export const isSet = (path: string) => `attribute_exists(${path})`;
/** Returns the condition that an item lacks an attribute. True also where no item stands. */
export const isUnset = (path: string) => `attribute_not_exists(${path})`;
/** Returns the condition that an item lacks an attribute, or has it and meets a condition. */
export const isUnsetOr = (path: string, condition: string) => `(${isUnset(path)} OR ${condition})`;
