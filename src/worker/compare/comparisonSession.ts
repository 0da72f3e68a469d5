import { asEngineError, EngineError } from '../../engine/bytes/engineError';
import { describeDifference } from '../../engine/diff/difference';
import { differenceJson } from '../../engine/diff/differenceJson';
import { readPacket } from '../../engine/diff/differencePacket';
import type { RunShares } from '../../engine/diff/runShares';
import { SnapshotComparison } from '../../engine/diff/snapshotDiff';
import { isOperatorState, type StatePair } from '../../engine/diff/statePair';
import { describeType } from '../../engine/inspect/snapshotType';
import { bytesOfPieces, statePieces } from '../../engine/metadata/handles';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import type { WriteWhole } from '../../engine/storage/nodeWholeFile';
import type { ScratchFile } from '../../engine/storage/scratchFile';
import {
  type ComparedSide,
  type ComparedState,
  type ComparisonEnd,
  type ComparisonFound,
  type ComparisonOutline,
  type ComparisonProgress,
  type DifferenceDetail,
  type DifferenceQuery,
  type DifferencesExported,
  type DifferenceWindow,
  MOST_LISTED,
} from '../../view/shownComparison';
import { DifferenceLog } from './differenceLog';
import { detailOf, rowOf, withoutValues } from './shownDifference';

/** A sign of progress at most so often. */
const PROGRESS_EVERY_MS = 250;
/** Rows that are given at once. */
const MOST_ROWS = 500;
/** Characters that are written at once. */
const LINES = 64 * 1024;

/** What a comparison needs beyond the files that are read. */
export interface ComparingPlaces {
  run(before: Snapshot, after: Snapshot): RunShares;
  openScratch(): Promise<ScratchFile>;
  /** Fills a file that is there whole or not at all. */
  readonly writeWhole: WriteWhole;
}

/** The comparison of two snapshots that a page looks at: it grows, stops, goes on, and is looked up all the while. */
export class ComparisonSession {
  private readonly done = new Set<number>();
  private entries = 0;
  private bytes = 0;
  /** Entries of shares that are not at their end. */
  private readonly begun = new Map<number, number>();
  private millis = 0;
  /** The last call of `compare`, until it has come to its end. */
  private comparing: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly before: Snapshot,
    private readonly after: Snapshot,
    private readonly comparison: SnapshotComparison,
    private readonly log: DifferenceLog,
    private readonly places: ComparingPlaces,
  ) {}

  static async open(
    paths: { before: string; after: string },
    store: FileStore,
    places: ComparingPlaces,
    signal: AbortSignal,
  ): Promise<ComparisonSession> {
    const opened: Snapshot[] = [];
    try {
      for (const [side, path] of Object.entries(paths)) opened.push(await openSide(side, path, store, signal));
      const [before, after] = opened;
      const comparison = await SnapshotComparison.open(before, after, { signal });
      return new ComparisonSession(before, after, comparison, new DifferenceLog(await places.openScratch()), places);
    } catch (e) {
      for (const snapshot of opened) await snapshot.close();
      throw e;
    }
  }

  /** Compares what is not compared yet. Stopping it is no failure: what is found stays, and the next call goes on. */
  compare(tell: (progress: ComparisonProgress) => void, signal: AbortSignal): Promise<ComparisonEnd> {
    // One after the other: one that was stopped first gives up what it did not bring to an end.
    const next = this.comparing.then(() => this.goOn(tell, signal));
    this.comparing = next.catch(() => undefined);
    return next;
  }

  private async goOn(tell: (progress: ComparisonProgress) => void, signal: AbortSignal): Promise<ComparisonEnd> {
    const start = performance.now() - this.millis;
    const clock = (): void => {
      this.millis = Math.round(performance.now() - start);
    };
    tell({ outline: this.outline(), ...this.found() });
    const timer = setInterval(() => {
      clock();
      tell({ outline: null, ...this.found() });
    }, PROGRESS_EVERY_MS);
    try {
      await this.run(signal);
    } catch (e) {
      this.log.forget((share) => !this.done.has(share));
      this.begun.clear();
      if (asEngineError(e).code !== 'CANCELLED') throw e;
    } finally {
      clearInterval(timer);
      clock();
    }
    const stopped = this.done.size < this.comparison.shares.length;
    return { outline: this.outline(), ...this.found(), stopped };
  }

  async differences({ target, kinds }: DifferenceQuery, first: number, count: number): Promise<DifferenceWindow> {
    const pair = this.pairOf(target);
    const rows = await this.log.window(target.operator, pair.number, kinds, first, Math.min(count, MOST_ROWS));
    return {
      first,
      rows: rows.map(({ difference, bytes, isWhole }) => {
        const row = rowOf(describeDifference(target.operator, pair, difference));
        return isWhole ? row : withoutValues(row, bytes);
      }),
      total: this.log.count(target.operator, pair.number, kinds),
    };
  }

  async detail({ target, kinds }: DifferenceQuery, row: number): Promise<DifferenceDetail> {
    const pair = this.pairOf(target);
    const raw = await this.log.one(target.operator, pair.number, kinds, row);
    if (raw === null) throw new EngineError('NOT_FOUND', `There is no difference ${row}.`);
    const { before, after } = this.comparison.pair(target.operator);
    const backends = {
      before: before.backendOf(target.state, target.of),
      after: after.backendOf(target.state, target.of),
    };
    return detailOf(pair, describeDifference(target.operator, pair, raw), backends);
  }

  /** Writes every difference, also those that are not listed, as lines of JSON: of one state, or of all. Compares anew. */
  async exportTo(
    file: string,
    target: ComparedState | null,
    tell: (progress: { bytes: number; totalBytes: number }) => void,
    signal: AbortSignal,
  ): Promise<DifferencesExported> {
    const { comparison, places } = this;
    const only = target === null ? null : this.pairOf(target);
    const shares = comparison.shares.filter(
      ({ operator, keyGroups }) =>
        target === null || (operator === target.operator && (keyGroups === null) === (target.of === 'operator')),
    );
    const totalBytes = shares.reduce((sum, share) => sum + share.bytes, 0);
    let bytes = 0;
    let written = 0;
    await places.writeWhole(file, async (write) => {
      let lines = '';
      const flush = async (): Promise<void> => {
        const text = lines;
        lines = '';
        if (text !== '') await write(text);
      };
      await places.run(this.before, this.after)(
        shares,
        { most: Number.POSITIVE_INFINITY },
        async (event) => {
          const { share } = event;
          if (event.type === 'done') {
            bytes += share.bytes;
            tell({ bytes, totalBytes });
          }
          if (event.type !== 'differences') return;
          for (const { difference } of readPacket(event.bytes)) {
            if (only !== null && difference.state !== only.number) continue;
            const pair = comparison.pair(share.operator).pairs[difference.state];
            lines += `${differenceJson(describeDifference(share.operator, pair, difference))}\n`;
            written++;
            if (lines.length >= LINES) await flush();
          }
        },
        signal,
      );
      await flush();
    });
    return { written };
  }

  async close(): Promise<void> {
    await this.comparing;
    await this.log.close();
    await this.before.close();
    await this.after.close();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { comparison, log, done } = this;
    const left = comparison.shares.filter(({ number }) => !done.has(number));
    if (left.length === 0) return;
    await this.places.run(this.before, this.after)(
      left,
      { most: MOST_LISTED },
      async (event) => {
        const { share } = event;
        if (event.type === 'progress') {
          this.begun.set(share.number, event.entries);
          return;
        }
        if (event.type === 'differences') {
          await log.add(share.number, share.operator, event.bytes);
          return;
        }
        comparison.add(share, event.outcome);
        done.add(share.number);
        this.begun.delete(share.number);
        this.entries += event.outcome.entries;
        this.bytes += share.bytes;
      },
      signal,
    );
  }

  private outline(): ComparisonOutline {
    const { before, after, comparison } = this;
    return { before: sideOf(before), after: sideOf(after), operators: comparison.operators };
  }

  private found(): ComparisonFound {
    const { comparison, entries, begun, bytes, millis, log } = this;
    const states = comparison.operators.flatMap((operator) => operator.states);
    return {
      counts: states.flatMap(({ added, removed, changed }) => [added, removed, changed]),
      incomplete: states.flatMap((state, i) => (state.incomplete ? [i] : [])),
      problems: comparison.diff().problems,
      entries: [...begun.values()].reduce((sum, count) => sum + count, entries),
      bytes: Math.round(bytes),
      totalBytes: Math.round(comparison.shares.reduce((sum, share) => sum + share.bytes, 0)),
      millis,
      capped: log.isCapped,
    };
  }

  private pairOf({ operator, state, of }: ComparedState): StatePair {
    const pair = this.comparison
      .pair(operator)
      .pairs.find(({ name, after }) => name === state && isOperatorState(after) === (of === 'operator'));
    if (pair === undefined) throw new EngineError('NOT_FOUND', `The snapshots do not both have the state ${state}.`);
    return pair;
  }
}

/** A failure says which of the two could not be opened. */
async function openSide(side: string, path: string, store: FileStore, signal: AbortSignal): Promise<Snapshot> {
  try {
    return await openSnapshot(path, store, { signal });
  } catch (e) {
    throw e instanceof EngineError ? e.at({ where: side, file: path }) : e;
  }
}

function sideOf({ path, metadataPath, metadata, operators }: Snapshot): ComparedSide {
  return {
    ...describeType(metadata),
    path,
    metadataPath,
    metadataVersion: metadata.version,
    checkpointId: metadata.checkpointId,
    bytes: bytesOfPieces(statePieces(metadata)),
    operators: operators.length,
  };
}
