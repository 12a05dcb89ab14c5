import { openLogFile } from '../../local/data-dir.ts';
import { startService } from '../../local/service.ts';

/**
 * Runs the local service in this process, for a benchmark that starts the process with `fork`. The arguments are the
 * endpoint of the engine, the name of the table and the log file. Sends the URL of the service to the benchmark, and
 * answers each of its messages with the CPU time that this process has used.
 */
const [endpoint = '', tableName = '', logFile = ''] = process.argv.slice(2);
const { log } = openLogFile(logFile);
// The service polls the stream rarely, so that the CPU time is that of the requests.
const { url } = await startService({ endpoint, tableName, log, pollInterval: 10_000 });
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
process.send?.({ url });
