/** Whether the long tests use full-size data, as they do by default in `npm run test:long`. This takes minutes. */
export const LONG = process.env['LONG'] === 'full';
