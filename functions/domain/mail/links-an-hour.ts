/** The maximum number of links that the service sends to one address per hour. */
export const LINKS_AN_HOUR = 5;

/** The text of the response to a request for a link. The text is the same for known and unknown addresses. */
export const LINK_DETAIL = `If we can send a link to the address, an e-mail follows. We send at most ${LINKS_AN_HOUR} links an hour to one address.`;
