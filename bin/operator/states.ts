import type { CustomerLine } from './list-customers.ts';

/** The word for each state of a customer, and its explanation, in the order in which the output lists the states. */
export const STATES: Readonly<Record<CustomerLine['state'], string>> = {
  active: 'its license is active',
  expired: 'its license has ended and no other has started; nothing new can be registered',
  'not-started': 'its license has not started (only after the clock of a local service was set back)',
  provisional: 'nobody has activated it yet; only "customer show" shows it',
  leaving: 'it has unsubscribed and can cancel until the grace period ends',
  discarding: 'it is unsubscribed; the service refuses its requests and discards its data',
};
