/** A response with CSV, as a function of the API client returns it. */
export interface CsvResponse {
  /** The CSV, as a `Blob`. */
  readonly data: unknown;
  readonly response: Response;
}

/**
 * Reads a CSV that the service may send in several parts, and returns the parts of one file. If another part follows,
 * the header `Link` of a response contains the cursor of the next part. Each response begins with the header row, so
 * the function removes the header row of every part except the first.
 */
export async function allCsvParts(
  readPart: (query: { cursor?: string }) => Promise<CsvResponse>,
): Promise<(Blob | string)[]> {
  const parts: (Blob | string)[] = [];
  let cursor: string | undefined;
  do {
    const { data, response } = await readPart(cursor === undefined ? {} : { cursor });
    const part = data as Blob;
    parts.push(cursor === undefined ? part : withoutHeaderRow(await part.text()));
    cursor = /[?&]cursor=([\w-]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  } while (cursor !== undefined);
  return parts;
}

const withoutHeaderRow = (csv: string) => csv.slice(csv.indexOf('\r\n') + 2);
