import { throwIfAborted } from '../engine/bytes/engineError';
import type { SnapshotDescription } from '../engine/description';
import { healthOf } from '../engine/health/health';
import type { FileStore } from '../engine/storage/byteSource';
import { CountingStore } from '../engine/storage/countingStore';
import { decoderFault } from '../engine/types/describe/decoders';
import { TYPE_NAMES } from '../engine/types/describe/typeNames';
import { readRecord } from '../engine/write/writeRecord';
import { NameFinder } from '../names/find/nameFinder';
import type { Handlers } from '../rpc/peer';
import { classify } from './classify';
import { compareAnswers } from './compare/compareAnswers';
import type { ComparingPlaces } from './compare/comparisonSession';
import { lookAtData } from './dataLook';
import { exportRows } from './entries/exportRows';
import { rowAnswers } from './entries/rowAnswers';
import { StateSessions } from './entries/stateSessions';
import { type CheckInThreads, checkHere, verifySnapshot } from './health/verifySnapshot';
import { checkPlan, dryRun, runCopy, runPlan, type WritingPlaces } from './plans';
import { type CountingPlaces, statsAnswers } from './stats/statsAnswers';
import type { EngineSide } from './workerProtocol';

export type Describe = (path: string, store: FileStore, signal: AbortSignal) => Promise<SnapshotDescription>;

/** A sign of life at most so often; whoever waits needs no more. */
const PROGRESS_EVERY_MS = 250;

/** The engine's answers, apart from the thread that gives them. */
export function engineHandlers(
  store: FileStore,
  describe: Describe,
  writing: WritingPlaces,
  counting: CountingPlaces,
  comparing: ComparingPlaces,
  check: CheckInThreads = checkHere,
): Handlers<EngineSide> {
  const states = new StateSessions(store);
  const names = new NameFinder(store);
  return {
    async describe({ path }, { signal, progress }) {
      const counting = new CountingStore(store);
      const start = performance.now();
      const millis = (): number => Math.round(performance.now() - start);
      const timer = setInterval(() => progress({ millis: millis() }), PROGRESS_EVERY_MS);
      try {
        const snapshot = await describe(path, counting, signal);
        throwIfAborted(signal);
        const record = await readRecord(store.parent(snapshot.metadataPath), store);
        return { snapshot, millis: millis(), bytesRead: counting.bytesRead, record, health: healthOf(snapshot) };
      } finally {
        clearInterval(timer);
      }
    },

    async classify({ paths }, { signal }) {
      const results = [];
      for (const path of paths) results.push(await classify(store, path, signal));
      return results;
    },

    closeEntries: async ({ path }) => {
      await states.close(path);
      return null;
    },

    ...rowAnswers(states),
    exportRows: (of, { signal, progress }) => exportRows(store, comparing.writeWhole, of, signal, progress),

    ...statsAnswers(store, counting),

    ...compareAnswers(store, comparing),

    verify: ({ path }, { signal, progress }) => verifySnapshot(path, store, check, signal, progress),
    findNames: ({ files, ids }, { signal }) => names.find(files, ids, signal),

    checkPlan: (source, { signal }) => checkPlan(source, store, signal),
    checkDecoder: ({ type }) => decoderFault(type)?.message ?? null,
    typeNames: () => TYPE_NAMES.map(({ name, about, example, vocabulary }) => ({ name, about, example, vocabulary })),
    lookAtData: ({ file }, { signal }) => lookAtData(file, store, signal),
    dryRun: (source, { signal, progress }) => dryRun(source, store, writing, signal, progress),
    runPlan: (params, { signal, progress }) => runPlan(params, store, writing, signal, progress),
    runCopy: (params, { signal, progress }) => runCopy(params, store, writing, signal, progress),
  };
}
