import type { FileStore } from '../../engine/storage/byteSource';
import type { Handlers } from '../../rpc/peer';
import type { EngineSide } from '../workerProtocol';
import { ComparisonDesk } from './comparisonDesk';
import type { ComparingPlaces } from './comparisonSession';

/** Answers about two snapshots that are compared: those that `compare` was asked about last. */
export function compareAnswers(
  store: FileStore,
  places: ComparingPlaces,
  desk = new ComparisonDesk(store, places),
): Pick<Handlers<EngineSide>, 'compare' | 'differences' | 'differenceDetail' | 'exportDifferences'> {
  return {
    async compare({ anew, ...paths }, { signal, progress }) {
      return (await desk.open(paths, anew, signal)).compare(progress, signal);
    },
    differences: async ({ first, count, ...query }) => desk.session.differences(query, first, count),
    differenceDetail: async ({ row, ...query }) => desk.session.detail(query, row),
    exportDifferences: async ({ file, target }, { signal, progress }) =>
      desk.session.exportTo(file, target, progress, signal),
  };
}
