/** The first byte of a ceremony that the RP's server has begun without a call. */
export const RP_FORMAT = 2;

/** Returns whether a ceremony (base64url) has the format of those that RPs' servers begin. */
export const isBegunByRp = (text: string): boolean => Buffer.from(text.slice(0, 4), 'base64url')[0] === RP_FORMAT;
