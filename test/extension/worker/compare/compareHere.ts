import { tmpdir } from 'node:os';
import { runSharesHere } from '../../../../src/engine/diff/runShares';
import { openScratchFile } from '../../../../src/engine/storage/nodeScratchFile';
import { writeWhole } from '../../../../src/engine/storage/nodeWholeFile';
import type { ComparingPlaces } from '../../../../src/worker/compare/comparisonSession';

/** Compares in this thread. */
export const compareHere: ComparingPlaces = {
  run: runSharesHere,
  openScratch: () => openScratchFile(tmpdir()),
  writeWhole,
};
