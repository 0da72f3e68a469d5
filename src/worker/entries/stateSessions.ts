import type { FileStore } from '../../engine/storage/byteSource';
import type { StateTarget } from '../../view/shownEntries';
import type { OfSnapshot } from '../workerProtocol';
import { SESSION_LIMITS, type SessionLimits, StateSession } from './stateSession';

/** Sessions that are open at a time; the one that was not used for longest makes room. */
const MAX_SESSIONS = 4;
/** A session that nobody uses for so long gives its memory and its files back. */
const IDLE_MS = 300_000;

interface Open {
  readonly path: string;
  readonly session: StateSession;
  /** Requests that it is answering. */
  uses: number;
  idle: NodeJS.Timeout | undefined;
}

/**
 * Finds or begins the session of a state. Requests say everything that it takes to answer them, so that a session is only a
 * place kept: a thread that was started anew answers the same, after reading again.
 */
export class StateSessions {
  /** In the order of their last use. */
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly store: FileStore,
    private readonly limits: SessionLimits = SESSION_LIMITS,
  ) {}

  /** Has the session of a state do something. */
  async use<T>(of: OfSnapshot & { target: StateTarget }, work: (session: StateSession) => Promise<T>): Promise<T> {
    const open = this.session(of);
    open.uses++;
    try {
      return await work(open.session);
    } finally {
      open.uses--;
    }
  }

  /** Nobody looks at this snapshot any more. */
  async close(path: string): Promise<void> {
    const closing = [...this.open].filter(([, open]) => open.path === path).map(([name]) => this.end(name));
    await Promise.all(closing);
  }

  private session({ path, version, decoders, target }: OfSnapshot & { target: StateTarget }): Open {
    const name = JSON.stringify([path, version, decoders, target.operator, target.state, target.backend]);
    const open = this.open.get(name) ?? {
      path,
      session: new StateSession(this.store, path, target, this.limits, decoders),
      uses: 0,
      idle: undefined,
    };
    this.open.delete(name);
    this.open.set(name, open);
    this.keepFor(name, open);
    for (const [oldest, { uses }] of this.open) {
      if (this.open.size <= MAX_SESSIONS) break;
      if (uses === 0 && oldest !== name) void this.end(oldest);
    }
    return open;
  }

  private keepFor(name: string, open: Open): void {
    clearTimeout(open.idle);
    open.idle = setTimeout(() => {
      if (open.uses > 0) this.keepFor(name, open);
      else void this.end(name);
    }, IDLE_MS).unref();
  }

  private async end(name: string): Promise<void> {
    const open = this.open.get(name);
    if (open === undefined) return;
    this.open.delete(name);
    clearTimeout(open.idle);
    await open.session.close();
  }
}
