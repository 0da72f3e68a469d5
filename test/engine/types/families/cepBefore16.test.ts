import { expect, it } from 'vitest';
import type { Sink } from '../../../../src/engine/bytes/sink';
import { writeJson } from '../../../../src/engine/json/writeJson';
import type { Codec } from '../../../../src/engine/types/codec';
import { checkLaws, checkPrefixes } from '../codecLaws';
import { bytesOf, codecOf, composite, readValue, row, simple, versioned, writeValue } from '../snapshotBytes';

const NFA = 'org.apache.flink.cep.nfa.';
const [STRING, LONG] = [simple('StringSerializer'), simple('LongSerializer')];
const VERSION = versioned(`${NFA}DeweyNumber$DeweyNumberSerializer$DeweyNumberSerializerSnapshot`, 3);
const BUFFER = composite(`${NFA}SharedBuffer$SharedBufferSerializerSnapshot`, 2, [STRING, LONG, VERSION]);

function checked(codec: Codec, bytes: Uint8Array): string {
  checkLaws(codec, bytes);
  checkPrefixes(codec, bytes);
  return writeJson(readValue(codec, bytes));
}

/** A StringValue of ASCII characters; null is a 0. */
function text(sink: Sink, value: string | null): void {
  sink.u8(value === null ? 0 : value.length + 1);
  for (const c of value ?? '') sink.u8(c.charCodeAt(0));
}

/** Field by field as `NFASerializer.deserialize` and `MigrationUtils` of Flink 1.13 take them. */
function nfa(sink: Sink): void {
  sink.i32(2);
  text(sink, 'start');
  sink.i32(0);
  text(sink, 'end');
  sink.i32(1);
  text(sink, 'start');
  sink.i32(1);
  text(sink, 'start');
  text(sink, 'end');
  sink.i32(0);
  sink.bool(true);
  sink.bytes4(Uint8Array.of(1, 2, 3));
  text(sink, 'end');
  sink.i32(0);
  sink.i64(1000n);
  sink.bool(false);
  // Shared buffer: one page of one entry, one edge to nothing.
  sink.i32(1);
  text(sink, 'start');
  sink.i32(1);
  sink.i64(77n);
  sink.i64(5n);
  sink.i32(0);
  sink.i32(1);
  sink.i32(1);
  sink.i32(0);
  sink.i32(-1);
  sink.i32(1);
  sink.i32(2);
  // Computation states: the one at the beginning has no event.
  sink.i32(2);
  for (const event of [null, 77n]) {
    text(sink, event === null ? 'start' : 'end');
    text(sink, event === null ? null : 'start');
    sink.i64(5n);
    sink.i32(1);
    sink.i32(3);
    sink.i64(-1n);
    sink.i32(0);
    sink.bool(event !== null);
    if (event !== null) sink.i64(event);
  }
}

it('the whole NFA that CEP kept up to Flink 1.5', () => {
  const codec = codecOf(composite(`${NFA}NFA$MigratedNFASerializerSnapshot`, 2, [LONG, BUFFER]));
  expect(checked(codec, bytesOf(nfa))).toBe(
    '{"graph":{"states":[{"name":"start","stateType":"Start"},{"name":"end","stateType":"Final"}],"transitions":[' +
      '{"state":"start","transitions":[{"source":"start","target":"end","action":"TAKE","condition":"AQID"}]},' +
      '{"state":"end","transitions":[]}]},"windowTime":1000,"handleTimeout":false,"sharedBuffer":{"pages":[' +
      '{"key":"start","entries":[{"value":77,"timestamp":5,"counter":0,"referenceCounter":1}]}],' +
      '"edges":[{"source":0,"target":-1,"version":{"deweyNumber":[2]}}]},"computationStates":[' +
      '{"state":"start","previousState":null,"timestamp":5,"version":{"deweyNumber":[3]},"startTimestamp":-1,"counter":0,"event":null},' +
      '{"state":"end","previousState":"start","timestamp":5,"version":{"deweyNumber":[3]},"startTimestamp":-1,"counter":0,"event":77}]}',
  );
});

it("rows of SQL's first planner with their direction", () => {
  const codec = codecOf(composite('org.apache.flink.table.runtime.types.CRowSerializerSnapshot', 1, [row([LONG])]));
  expect(checked(codec, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 7, 0))).toBe('{"row":[7],"change":false}');
  expect(writeValue(codec, readValue(codec, Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 7, 1)))).toHaveLength(10);
});
