import type { FssCall } from './fss-call.ts';

/** The calls of the FSS format, by name. The name is the part of the path after `/api/`. */
export const fssCalls: Readonly<Record<string, FssCall>> = {};
