import { filledSnippet } from './filled-snippet.ts';
import curl from './snippets/curl.sh?raw';
import java from './snippets/java.java?raw';
import nodeFss from './snippets/node-fss.js?raw';
import nodeSdk from './snippets/node-sdk.js?raw';
import page from './snippets/page.js?raw';
import php from './snippets/php.php?raw';
import python from './snippets/python.py?raw';

/** The snippets for an RP's server, by language, in the order of their tabs. A test runs each of them. */
const forServers = { curl, 'node-sdk': nodeSdk, 'node-fss': nodeFss, python, php, java };

export type SnippetLanguage = keyof typeof forServers;
export const snippetLanguages = Object.keys(forServers) as readonly SnippetLanguage[];

/** Returns a snippet for the server of an RP. `placeholder` is the text for a secret that the person has to insert. */
export const snippetFor = (
  language: SnippetLanguage,
  { rpId, placeholder }: { readonly rpId: string; readonly placeholder: string },
): string =>
  filledSnippet(forServers[language], {
    BASE_URL: location.origin,
    RP_ID: rpId,
    API_KEY: placeholder,
    API_AUTH_ID: placeholder,
    SECRET_KEY: placeholder,
  }).trimEnd();

/** The snippet for the page of an RP. */
export const pageSnippet = page.trimEnd();
