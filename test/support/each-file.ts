import { afterAll } from 'vitest';
import { endFile } from './engine.ts';

/** Counts the test file at its end, so that each engine serves only a few files. Vitest runs this before each file. */

afterAll(endFile);
