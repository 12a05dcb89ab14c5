import type { Log } from '../../../functions/domain/services.ts';

/** A line of the log of a function. */
export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** Attributes that the logger adds to each line. They are the same in all lines, or say nothing to a test. */
const added = ['level', 'message', 'timestamp', 'service', 'sampling_rate', 'cold_start', 'xray_trace_id'];

/**
 * Returns the lines that a function wrote to its log, in the form in which the code of the service logs. A metric in
 * CloudWatch's embedded metric format is the line `metric`, as in the log of the local service. A text that is not
 * JSON is a warning, because nothing in the service writes such a text on purpose.
 */
export function linesIn(text: string): LogLine[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const entry = parsed(line);
      if (entry === undefined) return [{ level: 'warn', message: line, fields: {} } as const];
      if (entry['_aws'] !== undefined) return metricsIn(entry);
      const fields: Record<string, unknown> = Object.fromEntries(
        Object.entries(entry).filter(([name]) => !added.includes(name)),
      );
      const level = { INFO: 'info', WARN: 'warn' } as Readonly<Record<string, keyof Log>>;
      return [{ level: level[String(entry['level'])] ?? 'error', message: String(entry['message']), fields }];
    });
}

function metricsIn(entry: Readonly<Record<string, unknown>>): LogLine[] {
  const { CloudWatchMetrics } = entry['_aws'] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
  return CloudWatchMetrics.flatMap(({ Metrics }) => Metrics).map(({ Name: name }) => ({
    level: 'info',
    message: 'metric',
    fields: { name, value: entry[name] },
  }));
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
