import { EngineError } from '../../engine/bytes/engineError';
import type { FileStore } from '../../engine/storage/byteSource';
import { type ComparingPlaces, ComparisonSession } from './comparisonSession';

/** Holds the comparison that is looked at: one at a time. */
export class ComparisonDesk {
  private last: { key: string; session: ComparisonSession } | null = null;

  constructor(
    private readonly store: FileStore,
    private readonly places: ComparingPlaces,
  ) {}

  get session(): ComparisonSession {
    if (this.last === null) throw new EngineError('NOT_FOUND', 'Nothing was compared yet.');
    return this.last.session;
  }

  /** The comparison of these snapshots: the one that is there, unless it is to be made anew. */
  async open(paths: { before: string; after: string }, anew: boolean, signal: AbortSignal): Promise<ComparisonSession> {
    const key = JSON.stringify(paths);
    if (anew || this.last?.key !== key) await this.close();
    this.last ??= { key, session: await ComparisonSession.open(paths, this.store, this.places, signal) };
    return this.last.session;
  }

  async close(): Promise<void> {
    const { last } = this;
    this.last = null;
    await last?.session.close();
  }
}
