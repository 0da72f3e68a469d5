import type { PartState, RawEntry, Unread } from '../backends/part';
import { SlicedEntry } from '../backends/slicedEntry';
import { JsonBytes, utf8 } from '../json/jsonBytes';
import { EntryPrinter } from '../printEntry';
import type { SnapshotSubtask } from '../snapshot';
import type { DumpFormat, LineOwner, LineWriter } from './dumpFormat';

/** One JSON object a line. */
export const ndjson: DumpFormat = { header: '', lines: (out) => new JsonLines(out) };

/** The line of one entry, without its line break. */
export function ndjsonLine(owner: LineOwner, entry: RawEntry): string {
  const out = new JsonBytes(new Uint8Array(ROOM_OF_A_LINE));
  new JsonLines(out).entry(owner, entry);
  out.length--;
  return out.toString();
}

const ROOM_OF_A_LINE = 4096;

const INDEX = utf8(',"index":');
const KEY = utf8(',"key":');
const NAMESPACE = utf8(',"ns":');
const USER_KEY = utf8(',"ukey":');
const TIMESTAMP = utf8(',"timestamp":');
const VALUE = utf8(',"value":');
const END = utf8('}\n');

class JsonLines implements LineWriter {
  private readonly parts: EntryPrinter;
  /** What the last line began with, and for whom: neighbours begin alike. */
  private head: Uint8Array = END;
  private state: PartState | null = null;
  private subtask: SnapshotSubtask | null = null;
  private keyGroup = -1;

  constructor(private readonly out: JsonBytes) {
    this.parts = new EntryPrinter(out);
  }

  entry(owner: LineOwner, entry: RawEntry): void {
    const { out, parts } = this;
    const { state, keyGroup, index, timestamp } = entry;
    if (state !== this.state || keyGroup !== this.keyGroup || owner.subtask !== this.subtask) {
      this.head = utf8(lineHead(owner, state, state.kind, keyGroup));
      this.state = state;
      this.subtask = owner.subtask;
      this.keyGroup = keyGroup;
    }
    const sliced = SlicedEntry.of(entry);
    out.raw(this.head);
    if (index >= 0) {
      out.raw(INDEX);
      out.integer(index);
    }
    parts.key(sliced, KEY);
    parts.namespace(sliced, NAMESPACE);
    parts.userKey(sliced, USER_KEY);
    if (timestamp !== null) {
      out.raw(TIMESTAMP);
      out.bigint(timestamp);
    }
    parts.value(sliced, VALUE);
    out.raw(END);
  }

  unread(owner: LineOwner, { state, keyGroup, bytes, reason }: Unread): void {
    this.out.text(
      `${lineHead(owner, state, 'unread', keyGroup)},"bytes":${bytes},"reason":${JSON.stringify(reason)}}\n`,
    );
  }
}

function lineHead({ operator, subtask }: LineOwner, state: PartState, kind: string, keyGroup: number): string {
  const group = keyGroup >= 0 ? `,"kg":${keyGroup}` : '';
  return `{"op":"${operator.id}","subtask":${subtask.index},"state":${JSON.stringify(state.name)},"kind":"${kind}"${group}`;
}
