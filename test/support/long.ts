/**
 * Whether the tests use full-size data, as they do by default in `npm run test:long`. With this data, the tests take
 * minutes.
 */
export const LONG = process.env['LONG'] === 'full';
