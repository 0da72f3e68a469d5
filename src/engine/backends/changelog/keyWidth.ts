import type { Cursor } from '../../bytes/cursor';
import { EngineError } from '../../bytes/engineError';
import type { Codec } from '../../types/codec';
import { OpaqueCodec } from '../../types/opaque';

/** A change, behind its operation and state id, with what must follow the key. */
export interface KeyedChange {
  cursor: Cursor;
  /** Steps over namespace and payload; throws where they do not fit. */
  skipRest(cursor: Cursor): void;
}

/** Widths that are tried. */
const MAX_WIDTH = 256;

/**
 * A change log alone does not say how keys are serialized. Where all keys have the same width, it follows from the changes:
 * only one width lets everything behind the key fit every change. The keys are then known as bytes.
 */
export function keysOfOneWidth(changes: Iterable<KeyedChange>): Codec | null {
  let widths: number[] | null = null;
  for (const change of changes) {
    widths = (widths ?? allWidths()).filter((width) => fits(change, width));
    if (widths.length === 0) return null;
  }
  return widths?.length === 1 ? new FixedOpaqueCodec(widths[0]) : null;
}

const allWidths = (): number[] => Array.from({ length: MAX_WIDTH + 1 }, (_, width) => width);

function fits({ cursor, skipRest }: KeyedChange, width: number): boolean {
  const from = cursor.position;
  try {
    cursor.skip(width);
    skipRest(cursor);
    return cursor.atEnd;
  } catch (e) {
    if (e instanceof EngineError) return false;
    throw e;
  } finally {
    cursor.position = from;
  }
}

/** Values of a known width and an unknown form. */
class FixedOpaqueCodec extends OpaqueCodec {
  constructor(private readonly width: number) {
    const why = 'A change log alone does not say how keys are serialized.';
    super({ name: 'unknown', serializer: '', unreadable: why });
  }

  override skip(cursor: Cursor): void {
    cursor.skip(this.width, 'key');
  }
}
