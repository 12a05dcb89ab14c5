import { find, showAccount } from './account.js';
import { Autofill } from './autofill.js';
import { canUsePasskeys, choosePasskey, createPasskey, messageFor, passOn } from './passkeys.js';
import { Refusal, getAccount, post } from './server.js';

const autofill = new Autofill();
let isBusy = false;

/**
 * Shows the account, or the form for signing in, and passes the signals on to the browser.
 *
 * @param {import('./server.js').Shown} shown
 */
function show({ account, signals }) {
  void passOn(signals);
  document.body.dataset.view = account ? 'account' : 'visitor';
  if (account) showAccount(account, askToRemove);
  else void offerPasskeys();
}

const offerPasskeys = () => autofill.offer((shown) => welcome(shown), say);

/**
 * Shows the account of a person who has just signed in. The focus moves there, so that a screen reader reads it.
 *
 * @param {import('./server.js').Shown} shown
 */
function welcome(shown) {
  say();
  show(shown);
  find('greeting').focus();
}

/**
 * Shows a message, or none.
 *
 * @param {unknown} [error]
 * @param {string} [done]
 */
function say(error, done) {
  if (error instanceof Refusal) void passOn(error.signals);
  find('fault').textContent = error === undefined ? '' : messageFor(error);
  find('done').textContent = done ?? '';
}

/**
 * Does what a button stands for. Only one such task runs at a time.
 *
 * @param {() => Promise<void>} task
 */
async function run(task) {
  if (isBusy) return;
  isBusy = true;
  document.body.dataset.busy = '';
  autofill.stop();
  say();
  try {
    await task();
  } catch (error) {
    say(error);
    if (error instanceof Refusal && error.code === 'signed-out') show({ account: null });
    else if (document.body.dataset.view === 'visitor') void offerPasskeys();
  } finally {
    isBusy = false;
    delete document.body.dataset.busy;
  }
}

/**
 * Does a task that changes the passkeys. If the person has not used a passkey for a while, the server wants to see one
 * first.
 *
 * @template T
 * @param {() => Promise<T>} task
 * @returns {Promise<T>}
 */
async function confirmed(task) {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'confirm-first') throw error;
  }
  const { options } = await post('/api/confirmation/begin');
  await post('/api/confirmation/end', { response: await choosePasskey(options) });
  return task();
}

/** @param {'here' | 'elsewhere'} where */
const addPasskey = (where) =>
  run(async () => {
    const { options } = await confirmed(() => post('/api/passkeys/begin', { where }));
    show(await post('/api/passkeys/end', { response: await createPasskey(options) }));
    say(undefined, 'The new passkey works from now on.');
    find('passkeys-title').focus();
  });

/**
 * @param {string} id
 * @param {string} name
 */
function askToRemove(id, name) {
  const dialog = /** @type {HTMLDialogElement} */ (find('removal'));
  find('removal-name').textContent = name;
  dialog.returnValue = '';
  dialog.onclose = () => {
    if (dialog.returnValue !== 'remove') return;
    void run(async () => {
      show(await confirmed(() => post('/api/passkeys/remove', { id })));
      say(undefined, `“${name}” was removed.`);
      find('passkeys-title').focus();
    });
  };
  dialog.showModal();
}

find('sign-in').addEventListener('click', () =>
  run(async () => {
    const { options } = await post('/api/sign-in/begin');
    welcome(await post('/api/sign-in/end', { response: await choosePasskey(options) }));
  }),
);

find('sign-up').addEventListener('submit', (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (find('name'));
  void run(async () => {
    const { options } = await post('/api/sign-up/begin', { name: field.value });
    welcome(await post('/api/sign-up/end', { response: await createPasskey(options) }));
    field.value = '';
  });
});

find('sign-out').addEventListener('click', () =>
  run(async () => {
    show(await post('/api/sign-out'));
    say(undefined, 'You are signed out.');
  }),
);
find('add-here').addEventListener('click', () => addPasskey('here'));
find('add-elsewhere').addEventListener('click', () => addPasskey('elsewhere'));
find('advice-add').addEventListener('click', () => addPasskey('elsewhere'));

if (canUsePasskeys) {
  await getAccount().then(show, (error) => {
    document.body.dataset.view = 'visitor';
    say(error);
  });
} else {
  document.body.dataset.view = 'too-old';
}
