import type { BootstrapStep } from '../bootstrap/step';
import type { Json } from '../json/jsonValue';
import type { MetadataVersion } from '../metadata/model';

/** What is to be done with a snapshot: steps in their order. */
export interface Plan {
  /** The snapshot to start from, null for none; relative paths are made absolute by who reads the plan. */
  from: string | null;
  steps: PlanStep[];
  /** Default: that of `from`, else the newest. */
  metadataVersion: MetadataVersion | null;
  /** How all keyed state is laid out; absent: as it is where no step changes it, else canonical. */
  format?: SnapshotFormat;
}

/** `canonical`: every backend restores from it. `heap`: that of the heap's backend alone, which it restores faster. */
export type SnapshotFormat = 'canonical' | 'heap';

/** Which state of which operator (id, uid or name). */
export interface StateReference {
  operator: string;
  state: string;
  /** Where an operator has a keyed state and an operator state of one name: which of them. */
  of?: 'keyed' | 'operator';
}

/** Which entries of a state: all for which everything that is given holds. */
export interface EntrySelection {
  key?: Json;
  namespace?: Json;
  mapKey?: Json;
  /** Of a timer, in milliseconds. */
  timestamp?: bigint;
  /** Of operator state, in the source; not of broadcast state, which is the same in every subtask. */
  subtask?: number;
  /** Place in the subtask's list in the source. */
  index?: number;
  /** CEL over `key`, `namespace`, `mapKey`, `value`, `timestamp`, `ttl`, `subtask` and `index`. */
  where?: string;
}

/** A new value: JSON, or for the fields of a value an expression each (CEL over the entry). */
export type NewValue = { kind: 'whole'; expression: string } | { kind: 'fields'; expressions: [path: string, Json][] };

/** Where an entry is put, and what. */
export interface NewEntryText {
  key?: Json;
  namespace?: Json;
  mapKey?: Json;
  timestamp?: bigint;
  subtask?: number;
  index?: number;
  /** Absent for a timer. */
  value?: Json;
  /** Stamp of a value with a time-to-live, in milliseconds; absent: the time at which the plan is tried. */
  ttl?: bigint;
}

/** Bytes of a snapshot that are no entries, and that a plan can replace as a whole. */
export type RawTarget =
  | { what: 'coordinator'; operator: string }
  | { what: 'master'; name: string }
  | { what: 'raw-operator'; operator: string; subtask: number; partition: number }
  | { what: 'raw-keyed'; operator: string; keyGroup: number };

/** Names as in plan files. `place` is where the step stands in its file, for messages. */
export type PlanStep = { place: string } & (
  | { kind: 'removeOperator'; operator: string }
  | { kind: 'changeUid'; operator: string; to: OperatorName }
  | { kind: 'copyOperator'; from: string; operator: string; to: OperatorName | null }
  | { kind: 'setCheckpointId'; checkpointId: bigint }
  | { kind: 'rescale'; parallelism: number | null; maxParallelism: number | null; operators: string[] | null }
  | { kind: 'setRawBytes'; target: RawTarget; bytes: Uint8Array }
  | BootstrapStep
  | StateStep
);

/** A step that changes one state. */
export type StateStep = { place: string } & StateReference &
  (
    | { kind: 'removeState' }
    | { kind: 'renameState'; to: string }
    | ({ kind: 'put' } & NewEntryText)
    | ({ kind: 'delete' } & EntrySelection)
    | ({ kind: 'update'; set: NewValue } & EntrySelection)
    | ({ kind: 'setBytes'; bytes: Uint8Array } & EntrySelection)
  );

/** What an operator is called from now on: its uid, from which its id follows, or its id alone. */
export type OperatorName = { uid: string } | { id: string };
