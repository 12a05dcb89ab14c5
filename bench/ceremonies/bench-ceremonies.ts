import type { Report } from '../report.ts';
import type { Size } from '../sizes.ts';
import { measureShared, reportAllIncluded } from './all-included.ts';
import { measureDesigns, reportSignIns } from './sign-in-costs.ts';
import { measureHandlers, reportHandlers } from './handler-cpu.ts';
import { measureHttpSignIns, reportHttpSignIns } from './http-sign-ins.ts';
import { measureCeremonies, reportCeremonies } from './ceremony-units.ts';

/** Measures the ceremonies that the service performs: their units beside those of two usual designs, and their time. */
export async function benchCeremonies(endpoint: string, size: Size): Promise<Report[]> {
  const designs = await measureDesigns(endpoint, size.signInUsers);
  const handlers = await measureHandlers(endpoint, size.handlerRounds);
  return [
    reportSignIns(designs),
    reportCeremonies(await measureCeremonies(endpoint)),
    reportAllIncluded(designs, handlers, await measureShared(endpoint)),
    reportHandlers(handlers),
    reportHttpSignIns(await measureHttpSignIns(endpoint, size.httpSignIns)),
  ];
}
