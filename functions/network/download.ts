import pRetry from 'p-retry';

export interface DownloadLimits {
  /** How many milliseconds one attempt may take. */
  readonly timeout: number;
  /** The maximum size of the text in bytes. */
  readonly maxBytes: number;
  /** How many milliseconds to wait before the second attempt; the wait before the third is twice as long. */
  readonly pause: number;
}

/**
 * Downloads a text in up to three attempts. Throws the error of the last attempt if the server does not answer in time,
 * answers with an error, or sends more than the maximum size.
 */
export function download(url: string, { timeout, maxBytes, pause }: DownloadLimits): Promise<string> {
  return pRetry(
    async () => {
      const response = await fetch(url, { signal: AbortSignal.timeout(timeout) });
      if (!response.ok || !response.body) throw new Error(`${url} answered with the status ${response.status}`);
      const parts: Uint8Array[] = [];
      let bytes = 0;
      for await (const part of response.body as AsyncIterable<Uint8Array>) {
        bytes += part.length;
        if (bytes > maxBytes) throw new Error(`${url} sent more than ${maxBytes} bytes`);
        parts.push(part);
      }
      return Buffer.concat(parts).toString();
    },
    { retries: 2, minTimeout: pause, factor: 2 },
  );
}
