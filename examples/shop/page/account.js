/** @typedef {import('./server.js').Account} Account */

const ADVICE = {
  'only-on-one-device': {
    title: 'Your only passkey is on this one device',
    text: 'If you lose the device, you lose your account. Add a second passkey on a phone or a security key.',
  },
  'only-one': {
    title: 'Add a second passkey',
    text: 'Your passkey is synchronized to your devices. A second one keeps your account safe if you lose access to them.',
  },
};

/**
 * Shows the person's account. Everything that people typed becomes text, and never HTML.
 *
 * @param {Account} account
 * @param {(id: string, name: string) => void} onRemove
 */
export function showAccount({ name, passkeys, advice }, onRemove) {
  find('greeting').textContent = `Hello, ${name}`;
  find('who').textContent = name;
  find('advice').hidden = advice === null;
  if (advice) {
    find('advice-title').textContent = ADVICE[advice].title;
    find('advice-text').textContent = ADVICE[advice].text;
  }
  const isOnly = passkeys.length === 1;
  find('only-passkey').hidden = !isOnly;
  find('passkeys').replaceChildren(
    ...passkeys.map((passkey) => {
      const remove = element('button', { className: 'quiet', type: 'button', textContent: 'Remove' });
      remove.ariaLabel = `Remove ${passkey.name}, created ${dayOf(passkey.createdAt)}`;
      remove.disabled = isOnly;
      remove.addEventListener('click', () => onRemove(passkey.id, passkey.name));
      const { createdAt, lastUsedAt } = passkey;
      const used = lastUsedAt === null ? 'not used yet' : `last used ${dayOf(lastUsedAt)}`;
      const tags = [passkey.backedUp ? 'Synchronized' : 'On one device', ...(passkey.isCurrent ? ['In use now'] : [])];
      return element(
        'li',
        {},
        element(
          'div',
          {},
          element('strong', { textContent: passkey.name }),
          ...tags.map((tag) => element('span', { className: 'tag', textContent: tag })),
          element('p', { className: 'note', textContent: `Created ${dayOf(createdAt)}, ${used}` }),
        ),
        remove,
      );
    }),
  );
}

/** @param {string} iso */
const dayOf = (iso) => new Date(iso).toLocaleDateString(document.documentElement.lang, { dateStyle: 'medium' });

/**
 * Returns the element of the page with an ID.
 *
 * @param {string} id
 */
export function find(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no element ${id}.`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {Node[]} children
 */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}
