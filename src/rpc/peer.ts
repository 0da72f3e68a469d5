import { EngineError } from '../engine/bytes/engineError';
import { asEnvelope, type Envelope } from './envelope';
import { fromProblem, toProblem } from './problem';

/** One end of a channel of messages. What it carries of a body is the channel's affair. */
export interface Port {
  post(message: Envelope): void;
  /** Called once; messages that come before are lost. */
  receive(listener: (message: unknown) => void): void;
}

/** What one side offers: requests that it answers and events that it hears. */
export interface Side {
  methods: Record<string, { params: unknown; result: unknown; progress: unknown }>;
  events: Record<string, unknown>;
}

export interface RequestContext<Progress> {
  /** Aborted when the asker cancels or goes away. */
  readonly signal: AbortSignal;
  progress(body: Progress): void;
}

type Methods<S extends Side> = S['methods'];

/** A function for each request of a side: leaving one out does not compile. */
export type Handlers<S extends Side> = {
  [M in keyof Methods<S>]: (
    params: Methods<S>[M]['params'],
    context: RequestContext<Methods<S>[M]['progress']>,
  ) => Promise<Methods<S>[M]['result']> | Methods<S>[M]['result'];
};

export type Listeners<S extends Side> = { [E in keyof S['events']]: (body: S['events'][E]) => void };

export interface RequestOptions<Progress> {
  signal?: AbortSignal | undefined;
  onProgress?: ((body: Progress) => void) | undefined;
}

interface Pending {
  resolve(body: unknown): void;
  reject(error: Error): void;
  onProgress: ((body: never) => void) | undefined;
}

/**
 * One side of a channel: asks the other side (`Remote`) and answers it (`Local`). Whatever a handler throws travels back as
 * a failure, so that nobody waits for ever; when the other side is gone, `close` rejects everything that is still open.
 */
export class Peer<Local extends Side, Remote extends Side> {
  private closed: EngineError | undefined;
  private readonly pending = new Map<number, Pending>();
  private readonly serving = new Map<number, AbortController>();

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
    private readonly listeners: Listeners<Local>,
    /** Of the first request; a side that is started anew on the same channel begins above the ids it used before. */
    private nextId = 1,
  ) {
    port.receive((message) => this.onMessage(message));
  }

  request<M extends keyof Methods<Remote> & string>(
    method: M,
    params: Methods<Remote>[M]['params'],
    options: RequestOptions<Methods<Remote>[M]['progress']> = {},
  ): Promise<Methods<Remote>[M]['result']> {
    const { signal, onProgress } = options;
    if (this.closed !== undefined) return Promise.reject(this.closed);
    if (signal?.aborted === true) return Promise.reject(new EngineError('CANCELLED', 'Cancelled.'));
    const id = this.nextId++;
    const cancel = (): void => this.port.post({ tag: 'cancel', id });
    return new Promise<unknown>((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onProgress });
      try {
        this.port.post({ tag: 'request', id, method, body: params });
        signal?.addEventListener('abort', cancel, { once: true });
      } catch (e) {
        this.pending.delete(id);
        reject(fromProblem(toProblem(e)));
      }
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }

  notify<E extends keyof Remote['events'] & string>(name: E, body: Remote['events'][E]): void {
    if (this.closed === undefined) this.port.post({ tag: 'event', name, body });
  }

  /** The other side is gone: what was asked of it fails with `reason`, what it asked for is aborted. */
  close(reason: EngineError): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    const open = [...this.pending.values()];
    this.pending.clear();
    for (const request of open) request.reject(reason);
    for (const controller of this.serving.values()) controller.abort();
    this.serving.clear();
  }

  private onMessage(message: unknown): void {
    const envelope = asEnvelope(message);
    if (envelope === null || this.closed !== undefined) return;
    switch (envelope.tag) {
      case 'request':
        void this.answer(envelope.id, envelope.method, envelope.body);
        return;
      case 'response':
        this.settle(envelope.id)?.resolve(envelope.body);
        return;
      case 'failure':
        this.settle(envelope.id)?.reject(fromProblem(envelope.body));
        return;
      case 'cancel':
        this.serving.get(envelope.id)?.abort();
        return;
      case 'progress':
        this.pending.get(envelope.id)?.onProgress?.(envelope.body as never);
        return;
      case 'event':
        if (Object.hasOwn(this.listeners, envelope.name)) this.listeners[envelope.name]?.(envelope.body as never);
        return;
      default:
        envelope satisfies never;
    }
  }

  private settle(id: number): Pending | undefined {
    const request = this.pending.get(id);
    this.pending.delete(id);
    return request;
  }

  private async answer(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController();
    this.serving.set(id, controller);
    const reply = (message: Envelope): void => {
      if (this.closed === undefined) this.port.post(message);
    };
    try {
      const handler = Object.hasOwn(this.handlers, method) ? this.handlers[method] : undefined;
      if (handler === undefined) throw new EngineError('INTERNAL', `Nobody answers the request "${method}".`);
      const context = {
        signal: controller.signal,
        progress: (body: unknown) => {
          if (this.serving.has(id)) reply({ tag: 'progress', id, body });
        },
      };
      const body = await handler(params, context);
      reply({ tag: 'response', id, body });
    } catch (e) {
      // Also when the answer itself cannot be sent: the asker hears of it instead of waiting.
      reply({ tag: 'failure', id, body: toProblem(e) });
    } finally {
      this.serving.delete(id);
    }
  }
}
