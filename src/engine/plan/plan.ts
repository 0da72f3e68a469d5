import type { Json } from '../json/jsonValue';
import type { MetadataVersion } from '../metadata/model';

/** What is to be done with a snapshot: steps in their order. */
export interface Plan {
  /** The snapshot to start from; relative paths are made absolute by who reads the plan. */
  from: string;
  steps: PlanStep[];
  /** Default: that of `from`. */
  metadataVersion: MetadataVersion | null;
}

/** Which state of which operator (id, uid or name). */
export interface StateReference {
  operator: string;
  state: string;
}

/** Which entries of a state: all for which everything that is given holds. */
export interface EntrySelection {
  key?: Json;
  namespace?: Json;
  mapKey?: Json;
  /** CEL over `key`, `namespace`, `mapKey` and `value`. */
  where?: string;
}

/** A new value: JSON, or for the fields of a value an expression each (CEL over the entry). */
export type NewValue = { kind: 'whole'; expression: string } | { kind: 'fields'; expressions: [path: string, Json][] };

/** Names as in plan files. `place` is where the step stands in its file, for messages. */
export type PlanStep = { place: string } & (
  | { kind: 'removeOperator'; operator: string }
  | { kind: 'changeUid'; operator: string; to: OperatorName }
  | { kind: 'copyOperator'; from: string; operator: string; to: OperatorName | null }
  | { kind: 'setCheckpointId'; checkpointId: bigint }
  | { kind: 'rescale'; parallelism: number | null; maxParallelism: number | null; operators: string[] | null }
  | StateStep
);

/** A step that changes keyed state. */
export type StateStep = StateReference &
  (
    | { kind: 'removeState' }
    | { kind: 'renameState'; to: string }
    | { kind: 'put'; key: Json; namespace?: Json; mapKey?: Json; value: Json }
    | ({ kind: 'delete' } & EntrySelection)
    | ({ kind: 'update'; set: NewValue } & EntrySelection)
  );

/** What an operator is called from now on: its uid, from which its id follows, or its id alone. */
export type OperatorName = { uid: string } | { id: string };
