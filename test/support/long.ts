/** Whether the tests use full-size data. This is the default of `npm run test:long`, and takes minutes. */
export const LONG = process.env['LONG'] === 'full';
