import { Worker } from 'node:worker_threads';
import type { EngineThread } from './engineClient';

/** Starts the engine's thread from its bundle. Nothing of the extension host's environment or arguments goes with it. */
export function startEngine(script: string): EngineThread {
  return new Worker(script, { name: 'Savepoint Explorer engine', env: {}, argv: [], execArgv: [] });
}
