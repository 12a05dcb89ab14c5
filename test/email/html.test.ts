import { expect, it } from 'vitest';
import { html } from '../../functions/email/html.ts';

it('the template tag `html` escapes text that is inserted into content or attributes', () => {
  const hostile = `<script>alert("1" & '2')</script>`;

  expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
    '<p title="&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;">' +
      '&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;</p>',
  );
});

it('the template tag `html` does not escape inserted markup, even in a list', () => {
  const items = ['a', '<b>'].map((text) => html`<li>${text}</li>`);

  expect(
    html`<ul>
      ${items}
    </ul>`.markup,
  ).toMatch(/<ul>\s*<li>a<\/li><li>&lt;b&gt;<\/li>\s*<\/ul>/);
});
