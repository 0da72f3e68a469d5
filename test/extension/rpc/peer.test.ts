import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/engine/bytes/engineError';
import { Peer } from '../../../src/rpc/peer';
import { channel, tick } from '../channel';

interface Server {
  methods: {
    double: { params: { n: bigint }; result: bigint; progress: never };
    fail: { params: { foreign: boolean }; result: null; progress: never };
    wait: { params: null; result: string; progress: { step: number } };
    unsendable: { params: null; result: unknown; progress: never };
  };
  events: { note: string };
}
interface Client {
  methods: Record<never, never>;
  events: { hello: number };
}

function connect() {
  const { a, b, sent } = channel();
  const notes: string[] = [];
  const hellos: number[] = [];
  let aborted = 0;
  const server = new Peer<Server, Client>(
    b,
    {
      double: ({ n }) => n * 2n,
      fail: ({ foreign }) => {
        if (foreign) throw new TypeError('x is not a function');
        throw new EngineError('TRUNCATED', 'Too short.', {
          file: '/s/_metadata',
          offset: 12,
          where: 'operator a',
          hint: 'Copy it.',
        });
      },
      wait: (_, { signal, progress }) => {
        progress({ step: 1 });
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted++;
            progress({ step: 2 });
            reject(new EngineError('CANCELLED', 'Cancelled.'));
          });
        });
      },
      unsendable: () => () => 1,
    },
    { note: (text) => notes.push(text) },
  );
  const client = new Peer<Client, Server>(a, {}, { hello: (n) => hellos.push(n) });
  return { client, server, sent, notes, hellos, aborted: () => aborted, port: a };
}

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.fail('It should have failed.'),
    (e: unknown) => e as EngineError,
  );

describe('a side that asks and a side that answers', () => {
  it('keeps answers with their questions when they come in another order', async () => {
    const { client } = connect();
    const numbers = [1n, 2n ** 63n - 1n, -5n];
    expect(await Promise.all(numbers.map((n) => client.request('double', { n })))).toEqual([2n, 2n ** 64n - 2n, -10n]);
  });

  it('carries an error with its place', async () => {
    const { client } = connect();
    const error = await failure(client.request('fail', { foreign: false }));
    expect(error).toBeInstanceOf(EngineError);
    expect({ ...error }).toMatchObject({
      code: 'TRUNCATED',
      file: '/s/_metadata',
      offset: 12,
      where: 'operator a',
      hint: 'Copy it.',
    });
    expect(error.message).toBe('Too short.');
  });

  it('makes a defect of a handler an answer, too', async () => {
    const { client, sent } = connect();
    const error = await failure(client.request('fail', { foreign: true }));
    expect(error.code).toBe('INTERNAL');
    expect(error.message).toContain('x is not a function');
    expect(JSON.stringify(sent)).not.toContain('peer.test.ts');
  });

  it('answers with an error when the answer itself cannot be sent', async () => {
    const { client } = connect();
    expect((await failure(client.request('unsendable', null))).code).toBe('INTERNAL');
  });

  it('answers a request that nobody knows, also one with the name of an inherited property', async () => {
    const { client } = connect();
    for (const name of ['nothing', 'constructor', '__proto__']) {
      expect((await failure(client.request(name as 'double', { n: 1n }))).message).toContain(name);
    }
  });

  it('cancels the one request, hears progress until it is over, and not after', async () => {
    const { client, aborted, sent } = connect();
    const controller = new AbortController();
    const steps: number[] = [];
    const other = client.request('wait', null);
    const waiting = client.request('wait', null, {
      signal: controller.signal,
      onProgress: ({ step }) => steps.push(step),
    });
    await tick();
    controller.abort();
    expect((await failure(waiting)).code).toBe('CANCELLED');
    expect(aborted()).toBe(1);
    expect(steps).toEqual([1, 2]);
    expect(sent.filter((m) => (m as { tag: string }).tag === 'cancel')).toHaveLength(1);
    client.close(new EngineError('CANCELLED', 'Over.'));
    await failure(other);
  });

  it('sends nothing for a request that was cancelled before it began', async () => {
    const { client, sent } = connect();
    expect((await failure(client.request('double', { n: 1n }, { signal: AbortSignal.abort() }))).code).toBe(
      'CANCELLED',
    );
    expect(sent).toEqual([]);
  });

  it('rejects what is open when the other side dies, and everything asked after that', async () => {
    const { client } = connect();
    const reason = new EngineError('LIMIT', 'Out of memory.');
    const open = [client.request('wait', null), client.request('wait', null)].map(failure);
    client.close(reason);
    expect(await Promise.all(open)).toEqual([reason, reason]);
    expect(await failure(client.request('double', { n: 1n }))).toBe(reason);
  });

  it('aborts what it was asked for when the asker is gone', async () => {
    const { client, server, aborted } = connect();
    const open = failure(client.request('wait', null));
    await tick();
    server.close(new EngineError('CANCELLED', 'Gone.'));
    await tick();
    expect(aborted()).toBe(1);
    client.close(new EngineError('CANCELLED', 'Over.'));
    await open;
  });

  it('delivers events both ways and overlooks foreign messages', async () => {
    const { client, server, notes, hellos, port } = connect();
    client.notify('note', 'seen');
    server.notify('hello', 7);
    for (const foreign of [
      null,
      'text',
      5,
      {},
      { tag: 'request' },
      { tag: 'response', id: 'x' },
      { tag: 'event' },
      { tag: 'other', id: 1 },
    ]) {
      port.post(foreign as never);
    }
    await tick();
    expect(notes).toEqual(['seen']);
    expect(hellos).toEqual([7]);
  });

  it('overlooks an answer to a question of another time', async () => {
    const { a, b } = channel();
    const late = new Peer<Client, Server>(a, {}, { hello: () => {} }, 1_000_000);
    b.receive(() => {});
    const asked = late.request('double', { n: 1n });
    b.post({ tag: 'response', id: 1, body: 99n });
    b.post({ tag: 'response', id: 1_000_000, body: 2n });
    expect(await asked).toBe(2n);
  });
});
