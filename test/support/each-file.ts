import { afterAll } from 'vitest';
import { stopEngine } from './engine.ts';

/** Stops the engine that a test file started. Vitest runs this file before each test file. */

afterAll(stopEngine);
