import { ScratchIndex } from '../../../../src/worker/scratch/scratchIndex';
import type { CountingPlaces } from '../../../../src/worker/stats/statsAnswers';

/** For tests that count nothing: keeps nothing on the disk, and has no threads. */
export const countNothing: CountingPlaces = {
  scratch: new ScratchIndex({ folder: null, program: 'test', note: () => undefined }),
  inThreads: () => Promise.reject(new Error('This test has no threads for counting.')),
};
