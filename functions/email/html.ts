/**
 * Markup that is safe to insert into other markup without escaping. Only the function `html` creates instances of this
 * class.
 */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/**
 * Builds markup from a template. Escapes every inserted text, so that the text is safe as content and in quoted
 * attributes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  const markups = values.map((value) =>
    typeof value === 'string'
      ? escape(value)
      : [value]
          .flat()
          .map(({ markup }) => markup)
          .join(''),
  );
  return new Html(String.raw({ raw: parts }, ...markups));
}
