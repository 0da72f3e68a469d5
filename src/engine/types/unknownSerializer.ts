import { EngineError } from '../bytes/engineError';

/**
 * A serializer snapshot of a class (or of a version) that no type family knows was met while a header was parsed. Its
 * payload has no length on disk, so the parse cannot go on by itself: `parseWithUnknowns` catches this and tries lengths.
 */
export class UnknownSerializer extends EngineError {
  constructor(
    readonly className: string,
    readonly version: number,
    /** Why values of it cannot be decoded, in words. */
    readonly reason: string,
    /** Index in the cursor's bytes of the payload. */
    readonly payload: number,
    /** Bytes from there to the end of the cursor's window: no payload is longer. */
    readonly remaining: number,
    /** The payload starts like a composite snapshot; the offsets, counted from `payload`, of its possible nested blocks. */
    readonly compositeAt: readonly number[],
    place: { file: string | undefined; offset: number },
  ) {
    super('UNSUPPORTED', `${reason} (snapshot version ${version})`, place);
    this.name = 'UnknownSerializer';
  }
}

/** What `parseWithUnknowns` supposes of the payload of one unknown snapshot. */
export type PayloadGuess =
  /** So many bytes, whatever they are. */
  | { readonly kind: 'bytes'; readonly length: number }
  /** A `CompositeTypeSerializerSnapshot`: the nested block starts so many bytes after the payload's first byte. */
  | { readonly kind: 'composite'; readonly nestedAt: number };
