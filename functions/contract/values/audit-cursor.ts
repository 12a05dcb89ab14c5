import { cursorOf } from './pages.ts';

/** The position of an entry: its time and its ID. */
export const auditCursor = cursorOf(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z#aud_[0-9a-z]{20}$/);
