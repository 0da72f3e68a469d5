import type { Port } from '../../src/rpc/peer';

/** Two ends of a channel in this process. Messages are cloned and arrive later, as between threads. */
export function channel(): { a: Port; b: Port; sent: unknown[] } {
  const listeners: { a?: (message: unknown) => void; b?: (message: unknown) => void } = {};
  const sent: unknown[] = [];
  const end = (own: 'a' | 'b', other: 'a' | 'b'): Port => ({
    post(message) {
      const copy: unknown = structuredClone(message);
      sent.push(copy);
      queueMicrotask(() => listeners[other]?.(copy));
    },
    receive(listener) {
      listeners[own] = listener;
    },
  });
  return { a: end('a', 'b'), b: end('b', 'a'), sent };
}

export const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
