import { EngineError } from '../engine/bytes/engineError';
import { Peer, type RequestOptions } from '../rpc/peer';
import type { EngineOwnerSide, EngineSide } from './workerProtocol';

/** What a `Worker` of `node:worker_threads` is used for. */
export interface EngineThread {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<number>;
}

type Methods = EngineSide['methods'];

interface Running {
  thread: EngineThread;
  peer: Peer<EngineOwnerSide, EngineSide>;
}

/**
 * The engine's thread as the extension sees it. The thread starts with the first call and again with the first call after
 * it died; whoever was waiting then gets an error, and `onDeath` is told once. A call that was cancelled and does not come
 * back ends the thread; calls that had nothing to do with it are asked again of the next one, as every call only reads.
 */
export class EngineClient {
  private running: Running | undefined;
  private disposed = false;
  /** Threads ended on purpose: their exit is no accident. */
  private readonly ended = new WeakSet<EngineThread>();

  constructor(
    private readonly startThread: () => EngineThread,
    private readonly onDeath: (error: EngineError) => void,
    /** Milliseconds that a cancelled call has to come back by itself. */
    private readonly patience = 3000,
    /** A line of the thread for the log. */
    private readonly onNote: (message: string) => void = () => undefined,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  async call<M extends keyof Methods & string>(
    method: M,
    params: Methods[M]['params'],
    options: RequestOptions<Methods[M]['progress']> = {},
  ): Promise<Methods[M]['result']> {
    for (;;) {
      const { thread, peer } = this.start();
      const { signal } = options;
      let timer: NodeJS.Timeout | undefined;
      const giveUp = (): void => {
        timer = setTimeout(() => this.end(thread, HARD_STOP), this.patience);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      try {
        return await peer.request(method, params, options);
      } catch (e) {
        if (e !== HARD_STOP) throw e;
        if (signal?.aborted === true) throw new EngineError('CANCELLED', 'Cancelled.', { cause: e });
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
      }
    }
  }

  dispose(): void {
    this.disposed = true;
    if (this.running !== undefined)
      this.end(this.running.thread, new EngineError('CANCELLED', 'The window is closing.'));
  }

  private start(): Running {
    if (this.disposed) throw new EngineError('CANCELLED', 'The window is closing.');
    if (this.running !== undefined) return this.running;
    const thread = this.startThread();
    const peer = new Peer<EngineOwnerSide, EngineSide>(
      {
        post: (message) => thread.postMessage(message),
        receive: (listener) => thread.on('message', listener),
      },
      {},
      { note: ({ message }) => this.onNote(message) },
    );
    thread.on('error', (error) => this.died(thread, deathOf(error)));
    thread.on('exit', (code) => this.died(thread, deathOf(code)));
    this.running = { thread, peer };
    return this.running;
  }

  /** The hard stop: works on a thread that is stuck in a loop, too. */
  private end(thread: EngineThread, reason: EngineError): void {
    this.ended.add(thread);
    void thread.terminate();
    this.forget(thread, reason);
  }

  private died(thread: EngineThread, reason: EngineError): void {
    if (this.ended.has(thread)) return;
    this.ended.add(thread);
    this.forget(thread, reason);
    this.onDeath(reason);
  }

  private forget(thread: EngineThread, reason: EngineError): void {
    if (this.running?.thread !== thread) return;
    const { peer } = this.running;
    this.running = undefined;
    peer.close(reason);
  }
}

const HARD_STOP = new EngineError('CANCELLED', 'The engine was stopped.');

function deathOf(cause: Error | number): EngineError {
  if (typeof cause !== 'number' && (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new EngineError('LIMIT', 'Reading this snapshot needs more memory than there is.', {
      hint: 'Close other snapshots, or allow more memory in the settings, and try again. If it keeps happening, please report the size of its _metadata file.',
      cause,
    });
  }
  const how = typeof cause === 'number' ? `exit code ${cause}` : cause.message;
  return new EngineError('INTERNAL', `The reading thread ended unexpectedly (${how}).`, {
    hint: 'It starts again by itself with the next try.',
    cause,
  });
}
