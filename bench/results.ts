import { measureAlertRuns, type AlertRuns } from './alert-runs.ts';
import { measureBundles, type Bundle } from './bundles.ts';
import { measureDiscarding, type DiscardingCost } from './discarding.ts';
import { measureClosing, type ClosingCost } from './closing.ts';
import { measureCustomerView, type ViewCost } from './customer-view.ts';
import { checkEngineRules, type Rule } from './engine-rules.ts';
import { measureHandlerOverhead, type HandlerOverhead } from './handler-overhead.ts';
import { measureImport, type Import } from './import.ts';
import { measureMetering, type Metering } from './metering.ts';
import type { Random } from './random.ts';
import { measureRecount, type RecountCost } from './recount.ts';
import { measureRequests, type RequestCosts } from './requests.ts';
import type { Size } from './sizes.ts';

/** Everything that a run measures. */
export interface Results {
  readonly rules: readonly Rule[];
  readonly metering: Metering;
  readonly requests: RequestCosts;
  readonly recount: RecountCost;
  readonly alertRuns: AlertRuns;
  readonly closing: ClosingCost;
  readonly discarding: DiscardingCost;
  readonly views: readonly ViewCost[];
  readonly overhead: HandlerOverhead;
  readonly imported: Import;
  readonly bundles: readonly Bundle[];
}

/** Measures everything on one engine, one subject after the other. `progress` is told what comes next. */
export async function measure(
  endpoint: string,
  size: Size,
  random: Random,
  progress: (subject: string) => void,
): Promise<Results> {
  const next = <T>(subject: string, work: () => Promise<T>): Promise<T> => {
    progress(subject);
    return work();
  };
  return {
    rules: await next('rules of the engine', () => checkEngineRules(endpoint)),
    metering: await next('designs, hit rates and batches', () => measureMetering(endpoint, size, random)),
    requests: await next('single requests', () => measureRequests(endpoint)),
    recount: await next('recount', () => measureRecount(endpoint, size.recountRecords)),
    alertRuns: await next('alert runs', () => measureAlertRuns(endpoint, size.alertCustomers)),
    discarding: await next('discarding', () => measureDiscarding(endpoint, size.discardedItems)),
    closing: await next('closing a month', () => measureClosing(endpoint, size.closedRecords)),
    views: await next('Customer view', () => measureCustomerView(endpoint)),
    overhead: await next('handler', () => measureHandlerOverhead(endpoint, size.iterations)),
    imported: await next('import', () => measureImport(endpoint, size.importedUsers)),
    bundles: await next('bundles', () => measureBundles(size.loadedBundles, size.loads)),
  };
}
