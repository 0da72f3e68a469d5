import type { SnapshotDescription, StateDescription } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import type { FoundName } from '../names/find/candidate';
import { problemJson } from './problemText';

/** `inspect --json`: names that scripts rely on; more may be added, none may change. */
export function inspectJson(snapshot: SnapshotDescription, names: ReadonlyMap<string, FoundName> | null): string {
  return `${printJson(
    object({
      path: snapshot.path,
      metadataVersion: whole(snapshot.metadataVersion),
      writtenBy: snapshot.writtenBy,
      checkpointId: snapshot.checkpointId,
      kind: snapshot.kind,
      format: snapshot.format,
      incremental: snapshot.incremental,
      bytes: whole(snapshot.bytes),
      operators: snapshot.operators.map((o) =>
        object({
          id: o.id,
          uid: o.uid,
          name: o.name,
          // Where nobody asked for it, it is not there.
          ...(names === null ? {} : { given: givenJson(names.get(o.id)) }),
          parallelism: whole(o.parallelism),
          maxParallelism: whole(o.maxParallelism),
          subtasks: whole(o.subtasks),
          fullyFinished: o.fullyFinished,
          finishedSubtasks: whole(o.finishedSubtasks),
          keyType: o.keyType,
          bytes: whole(o.bytes),
          coordinatorBytes: whole(o.coordinatorBytes),
          channelStateBytes: whole(o.channelStateBytes),
          rawKeyedBytes: whole(o.rawKeyedBytes),
          rawOperatorBytes: whole(o.rawOperatorBytes),
          legacyBytes: whole(o.legacyBytes),
          states: o.states.map(stateJson),
          problems: o.problems.map(problemJson),
        }),
      ),
      masterStates: snapshot.masterStates.map((m) =>
        object({ name: m.name, version: whole(m.version), bytes: whole(m.bytes) }),
      ),
      channelStateBytes: whole(snapshot.channelStateBytes),
      files: snapshot.files.map((f) =>
        object({
          path: f.path,
          bytes: whole(f.bytes),
          found: f.found,
          location: f.location,
          moved: f.moved,
          actualBytes: f.actualBytes === null ? null : whole(f.actualBytes),
        }),
      ),
      problems: snapshot.problems.map(problemJson),
    }),
  )}\n`;
}

function givenJson(name: FoundName | undefined): Json {
  return name === undefined ? null : object({ uid: name.uid, file: name.path, line: whole(name.line) });
}

function stateJson(state: StateDescription): Json {
  return object({
    name: state.name,
    kind: state.kind,
    backend: state.backend,
    namespaceType: state.namespaceType,
    type: state.type,
    ttl: state.ttl,
    bytes: state.bytes === null ? null : whole(state.bytes),
    entries: state.entries === null ? null : whole(state.entries),
    subtasks: whole(state.subtasks),
    readable: state.readable,
    why: state.why,
  });
}

const whole = (n: number): bigint => BigInt(n);
const object = (fields: Record<string, Json>): Json => new Map(Object.entries(fields));
