import type { Problem } from '../engine/description';

/**
 * What travels between two sides that call each other: the extension and a page, the extension and the engine's thread.
 * One tag for each kind of message. A request is answered exactly once, by `response` or by `failure`, also when it was
 * cancelled.
 */
export type Envelope =
  | { tag: 'request'; id: number; method: string; body: unknown }
  | { tag: 'response'; id: number; body: unknown }
  | { tag: 'failure'; id: number; body: Problem }
  /** The asker has lost interest in request `id`; the answer is then usually a `CANCELLED` failure. */
  | { tag: 'cancel'; id: number }
  | { tag: 'progress'; id: number; body: unknown }
  /** Said without being asked; never answered. */
  | { tag: 'event'; name: string; body: unknown };

/** The message as an envelope; null if it is something else (other extensions and browsers post messages too). */
export function asEnvelope(message: unknown): Envelope | null {
  if (typeof message !== 'object' || message === null || !('tag' in message)) return null;
  const m = message as { tag: unknown; id?: unknown; method?: unknown; name?: unknown };
  const hasId = typeof m.id === 'number' && Number.isSafeInteger(m.id);
  switch (m.tag) {
    case 'request':
      return hasId && typeof m.method === 'string' ? (message as Envelope) : null;
    case 'response':
    case 'failure':
    case 'cancel':
    case 'progress':
      return hasId ? (message as Envelope) : null;
    case 'event':
      return typeof m.name === 'string' ? (message as Envelope) : null;
    default:
      return null;
  }
}
