import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../src/engine/bytes/engineError';
import { checkProtocol, PROTOCOL_VERSION, packedPort } from '../../src/protocol';
import type { Envelope } from '../../src/rpc/envelope';
import { pack, unpack } from '../../src/rpc/msgpack';
import { shareTypes, unshareTypes } from '../../src/view/sharedTypes';
import { damaged, large, shop } from '../webview/samples';

/** What VS Code does to a message: bytes stay bytes, everything else becomes JSON. */
function throughVsCode(message: unknown): unknown {
  if (message instanceof Uint8Array) {
    expect(message.constructor).toBe(Uint8Array);
    expect(message.byteLength).toBe(message.buffer.byteLength);
    return message.slice();
  }
  if (typeof message === 'object' && message !== null) {
    return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, throughVsCode(value)]));
  }
  return JSON.parse(JSON.stringify(message)) as unknown;
}

function send(envelope: Envelope): unknown {
  let wire: unknown;
  packedPort({
    post: (message) => {
      wire = throughVsCode(message);
    },
    receive: () => {},
  }).post(envelope);
  let received: unknown;
  packedPort({ post: () => {}, receive: (listener) => listener(wire) }).receive((message) => {
    received = message;
  });
  return received;
}

describe('messages between the extension and a page', () => {
  it.each([
    ['shop', shop()],
    ['damaged', damaged()],
    ['large', large(50, 4)],
  ])('carry a snapshot whole: %s', (_, snapshot) => {
    const body = { ...shareTypes(snapshot), millis: 3, bytesRead: 12, record: null };
    const received = send({ tag: 'response', id: 7, body }) as { body: typeof body };
    expect(received).toEqual({ tag: 'response', id: 7, body });
    expect(unshareTypes(received.body)).toEqual(snapshot);
  });

  it('carry a type once, whatever number of states has it', () => {
    const sizes = [1, 100].map((states) => pack(shareTypes(large(1, states))).length);
    expect((sizes[1] ?? 0) - (sizes[0] ?? 0)).toBeLessThan(100 * 250);
    expect(shareTypes(large(5, 7)).types).toHaveLength(1);
  });

  it('keep every 64-bit integer', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (n) => {
        expect(unpack(pack({ n }))).toEqual({ n });
      }),
    );
  });

  it('keep sizes beyond 32 bits as numbers, and text as it is', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.string({ unit: 'binary' }), fc.uint8Array(), (size, text, bytes) => {
        expect(unpack(pack({ size, text, nothing: null }))).toEqual({ size, text, nothing: null });
        expect([...(unpack(pack({ bytes })) as { bytes: Uint8Array }).bytes]).toEqual([...bytes]);
      }),
    );
  });

  it('stand for themselves: any order, any shapes', () => {
    const shape = fc.dictionary(
      fc.string({ minLength: 1, unit: 'grapheme-ascii' }).filter((key) => key !== '__proto__'),
      fc.oneof(fc.integer(), fc.string(), fc.constant(null), fc.bigInt({ min: 2n ** 32n, max: 2n ** 62n })),
    );
    fc.assert(
      fc.property(fc.array(fc.array(shape)), (messages) => {
        const packed = messages.map(pack);
        const read = packed
          .map((bytes, i) => [i, bytes] as const)
          .reverse()
          .map(([i, bytes]) => [i, unpack(bytes)] as const);
        for (const [i, value] of read) expect(value).toEqual(messages[i]?.map((object) => ({ ...object })));
      }),
    );
  });

  it('have no body where there is none', () => {
    expect(send({ tag: 'cancel', id: 3 })).toEqual({ tag: 'cancel', id: 3 });
  });

  it('are not mistaken for messages of others', () => {
    const heard: unknown[] = [];
    packedPort({
      post: () => {},
      receive: (listener) => {
        for (const foreign of [
          undefined,
          'x',
          { tag: 'event', name: 'changed', body: 'not bytes' },
          { type: 'themeChanged' },
        ])
          listener(foreign);
      },
    }).receive((message) => heard.push(message));
    expect(heard).toEqual([]);
  });

  it('begin with a version that must be the same', () => {
    expect(() => checkProtocol(PROTOCOL_VERSION)).not.toThrow();
    expect(() => checkProtocol(PROTOCOL_VERSION + 1)).toThrow(EngineError);
  });
});
