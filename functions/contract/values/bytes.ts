import * as z from 'zod';
import { fault, malformed } from '../errors/field-errors.ts';

/** Returns whether a base64url text is the one that an encoder writes: the bits after the last byte are zero. */
const isCanonical = (text: string) => Buffer.from(text, 'base64url').toString('base64url') === text;

/** Returns the schema of a base64url text that encodes bytes and has at most `max` characters. */
export const bytes = (max: number) =>
  z
    .base64url({ ...malformed('not-base64url'), abort: true })
    .min(1)
    .max(max, { abort: true })
    .refine(isCanonical, fault('not-base64url'))
    .meta({ description: 'Bytes as base64url, without padding' });

/** A credential ID: "a probabilistically-unique byte sequence" of at most 1,023 bytes (WebAuthn, 4). */
export const credentialId = bytes(1_364);
