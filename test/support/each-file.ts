import { afterAll } from 'vitest';
import { stopEngine } from './engine.ts';

/** Vitest runs this file before each test file. */

afterAll(stopEngine);
