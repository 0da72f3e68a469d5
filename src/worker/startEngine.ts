import { Worker } from 'node:worker_threads';
import type { EngineThread } from './engineClient';
import type { EngineThreadData } from './workerProtocol';

/** Starts the engine's thread from its bundle. Nothing of the extension host's environment or arguments goes with it. */
export function startEngine(script: string, scratchFolder: string | null, memoryMb: number | null): EngineThread {
  const workerData: EngineThreadData = { type: 'engine', scratchFolder };
  const limits = memoryMb === null ? {} : { resourceLimits: { maxOldGenerationSizeMb: memoryMb } };
  return new Worker(script, {
    name: 'Savepoint Explorer engine',
    workerData,
    env: {},
    argv: [],
    execArgv: [],
    ...limits,
  });
}
