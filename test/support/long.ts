/** Whether `npm run test:long` runs with full-size data, which takes minutes. */
export const LONG = process.env['LONG'] === 'full';
