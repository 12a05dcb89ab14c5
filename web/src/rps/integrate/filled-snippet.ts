/** The values that the placeholders of a snippet stand for. */
export interface SnippetValues {
  readonly BASE_URL: string;
  readonly RP_ID: string;
  readonly API_KEY: string;
  readonly API_AUTH_ID: string;
  readonly SECRET_KEY: string;
}

/** Returns a snippet with values in the place of its placeholders, such as `__RP_ID__`. */
export const filledSnippet = (snippet: string, values: SnippetValues): string =>
  snippet.replaceAll(
    /__(BASE_URL|RP_ID|API_KEY|API_AUTH_ID|SECRET_KEY)__/g,
    (_, name) => values[name as keyof SnippetValues],
  );
