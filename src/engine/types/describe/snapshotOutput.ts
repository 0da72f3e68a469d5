import { Sink } from '../../bytes/sink';
import { COMPOSITE_MAGIC, NESTED_MAGIC } from '../compositeSnapshot';
import { LINKED_OPTIONAL_MAP_HEADER } from '../linkedOptionalMap';
import type { DescribedType } from './describedType';
import type { FlinkLine } from './flinkLine';

/** Versions of `SimpleTypeSerializerSnapshot` and `CompositeTypeSerializerSnapshot` since 1.8. */
const SIMPLE_VERSION = 3;
const COMPOSITE_VERSION = 3;
/** Version of the nested block, `NestedSerializersSnapshotDelegate`. */
const NESTED_VERSION = 1;

/**
 * Writes serializer snapshots, in the forms of 1.8 and later, which have not changed since: each is
 * `UTF class, i4 version, payload` (`TypeSerializerSnapshot.writeVersionedSnapshot`).
 */
export class SnapshotOutput {
  readonly sink = new Sink();

  constructor(
    readonly line: FlinkLine,
    private readonly writeType: (type: DescribedType, out: SnapshotOutput) => void,
  ) {}

  /** The snapshot of the serializer of `type`. */
  snapshot(type: DescribedType): void {
    this.writeType(type, this);
  }

  /** The same in its own bytes, for payloads that keep snapshots in frames. */
  framed(type: DescribedType): Uint8Array {
    const frame = new SnapshotOutput(this.line, this.writeType);
    frame.snapshot(type);
    return frame.sink.toBytes();
  }

  versioned(className: string, version: number): void {
    this.sink.utf(className);
    this.sink.i32(version);
  }

  /** `SimpleTypeSerializerSnapshot`: no payload. */
  simple(className: string): void {
    this.versioned(className, SIMPLE_VERSION);
  }

  /** `CompositeTypeSerializerSnapshot`: `i4` magic, `i4` outer version, outer payload, nested block. */
  composite(
    className: string,
    outerVersion: number,
    nested: readonly DescribedType[],
    writeOuter: (sink: Sink) => void = () => {},
  ): void {
    this.versioned(className, COMPOSITE_VERSION);
    this.sink.i32(COMPOSITE_MAGIC);
    this.sink.i32(outerVersion);
    writeOuter(this.sink);
    this.nestedBlock(nested.map((type) => () => this.snapshot(type)));
  }

  /** `NestedSerializersSnapshotDelegate`: `i4` magic, `i4` version, `i4 n`, then the snapshots that `nested` write. */
  nestedBlock(nested: readonly (() => void)[]): void {
    this.sink.i32(NESTED_MAGIC);
    this.sink.i32(NESTED_VERSION);
    this.sink.i32(nested.length);
    for (const write of nested) write();
  }

  /** `LinkedOptionalMapSerializer`, all of whose keys and values are there, each in a frame. */
  optionalMap(entries: readonly { name: string; key: Uint8Array; value: Uint8Array }[]): void {
    this.sink.i64(LINKED_OPTIONAL_MAP_HEADER);
    this.sink.i32(entries.length);
    for (const { name, key, value } of entries) {
      this.sink.utf(name);
      for (const frame of [key, value]) {
        this.sink.bool(true);
        this.sink.bytes4(frame);
      }
    }
  }
}

/** What `write` writes. */
export function written(write: (sink: Sink) => void): Uint8Array {
  const sink = new Sink();
  write(sink);
  return sink.toBytes();
}
