import type { FileStore } from '../../engine/storage/byteSource';
import type { Handlers } from '../../rpc/peer';
import type { ScratchIndex } from '../scratch/scratchIndex';
import type { EngineSide } from '../workerProtocol';
import { type CountInThreads, StatsDesk } from './statsDesk';

/** What counting needs beyond the files that are read. */
export interface CountingPlaces {
  readonly inThreads: CountInThreads;
  /** Where what was counted is kept. */
  readonly scratch: ScratchIndex;
}

/** Answers about how many entries there are, and where. */
export function statsAnswers(
  store: FileStore,
  { inThreads, scratch }: CountingPlaces,
): Pick<Handlers<EngineSide>, 'countEntries' | 'statsDetail' | 'clearCache'> {
  const desk = new StatsDesk(store, inThreads, scratch);
  return {
    countEntries: (params, { signal, progress }) => desk.count(params, signal, progress),
    statsDetail: (params) => desk.detail(params),
    clearCache: () => scratch.clear(),
  };
}
