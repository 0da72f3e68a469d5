import { EngineError } from '../../engine/bytes/engineError';
import type { FileStore } from '../../engine/storage/byteSource';
import type { EntryDetail, EntryPage, EntryPlace, EntryProgress, EntryQuery } from '../../view/shownEntries';
import type { OfSnapshot } from '../workerProtocol';
import { entryDetail, entryJson } from './entryDetail';
import { EntrySession, SESSION_LIMITS, type SessionLimits } from './entrySession';
import { TimeZone } from './timeZone';

/** Sessions that are open at a time; the one that was not used for longest makes room. */
const MAX_SESSIONS = 4;
/** A session that nobody uses for so long gives its memory and its files back. */
const IDLE_MS = 300_000;

interface Open {
  readonly path: string;
  readonly session: EntrySession;
  idle: NodeJS.Timeout | undefined;
}

/**
 * Finds or begins the session of a query. Requests say everything that it takes to answer them, so that a session is only a
 * place kept: a thread that was started anew answers the same, after reading again.
 */
export class EntrySessions {
  /** In the order of their last use. */
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly store: FileStore,
    private readonly limits: SessionLimits = SESSION_LIMITS,
  ) {}

  page(
    of: OfSnapshot & EntryQuery & { page: number },
    signal: AbortSignal,
    progress: (progress: EntryProgress) => void,
  ): Promise<EntryPage> {
    return this.session(of).page(of.page, signal, progress);
  }

  async detail(of: OfSnapshot & EntryPlace, signal: AbortSignal): Promise<EntryDetail> {
    return entryDetail((await this.entry(of, signal)).entry, TimeZone.UTC);
  }

  async json(of: OfSnapshot & EntryPlace, column: string | null, signal: AbortSignal): Promise<string> {
    const { entry, columns } = await this.entry(of, signal);
    return entryJson(entry, columns, column);
  }

  /** Nobody looks at this snapshot any more. */
  async close(path: string): Promise<void> {
    const closing = [...this.open].filter(([, open]) => open.path === path).map(([name]) => this.end(name));
    await Promise.all(closing);
  }

  private async entry(of: OfSnapshot & EntryPlace, signal: AbortSignal) {
    const found = await this.session(of).entry(of.page, of.row, signal);
    if (found !== null) return found;
    throw new EngineError('NOT_FOUND', `There is no entry at row ${of.row + 1} of page ${of.page + 1}.`);
  }

  private session({ path, version, target, key, filter }: OfSnapshot & EntryQuery): EntrySession {
    const name = JSON.stringify([path, version, target.operator, target.state, target.backend, key, filter]);
    const known = this.open.get(name);
    const open = known ?? {
      path,
      session: new EntrySession(this.store, path, { target, key, filter }, this.limits),
      idle: undefined,
    };
    this.open.delete(name);
    this.open.set(name, open);
    clearTimeout(open.idle);
    open.idle = setTimeout(() => void this.end(name), IDLE_MS).unref();
    const [oldest] = this.open.keys();
    if (this.open.size > MAX_SESSIONS && oldest !== undefined) void this.end(oldest);
    return open.session;
  }

  private async end(name: string): Promise<void> {
    const open = this.open.get(name);
    if (open === undefined) return;
    this.open.delete(name);
    clearTimeout(open.idle);
    await open.session.close();
  }
}
