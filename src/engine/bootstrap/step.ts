import { EngineError } from '../bytes/engineError';
import type { OperatorName } from '../plan/plan';
import { withAvroSchemaPaths } from '../types/describe/avro/avroSchemas';
import { parseTypeText, printType } from '../types/describe/typeText';
import type { CsvOptions } from './data/csvRows';

/** The step `bootstrap` of a plan: state made from rows of data. */
export interface BootstrapStep {
  kind: 'bootstrap';
  target: BootstrapTarget;
  data: DataReference;
  /** CEL over `row`: only rows for which it is true. */
  where: string | null;
  /** Null where there is operator state alone, which has none. */
  key: { type: TypeReference | null; value: string } | null;
  states: StateSpec[];
  timers: TimerSpec[];
  merge: MergeRule;
  onBadRow: BadRowRule;
}

/** An operator that is there, by its id, uid or name; or one with that name which is made where it is not there. */
export type BootstrapTarget =
  | { kind: 'existing'; operator: string }
  | { kind: 'named'; name: OperatorName; parallelism: number | null; maxParallelism: number | null };

export type DataReference =
  | { kind: 'file'; file: string; format: DataFormat | null; csv: CsvOptions }
  | { kind: 'snapshot'; from: string; operator: string; state: string };

export const DATA_FORMATS = ['csv', 'tsv', 'ndjson', 'json', 'parquet'] as const;
export type DataFormat = (typeof DATA_FORMATS)[number];

/** Types in words, or the type of a state (without a state: of the key) in a snapshot: that of the plan unless one is named. */
export type TypeReference =
  | { kind: 'words'; types: string[] }
  | { kind: 'of'; from: string | null; operator: string; state: string | null };

export const BOOTSTRAP_KINDS = ['value', 'list', 'map', 'reducing', 'aggregating'] as const;
export type BootstrapKind = (typeof BOOTSTRAP_KINDS)[number];

export const OPERATOR_KINDS = ['operator-list', 'operator-union', 'broadcast'] as const;
export type OperatorKind = (typeof OPERATOR_KINDS)[number];

export const isOperatorKind = (kind: string | null): kind is OperatorKind =>
  OPERATOR_KINDS.some((operatorKind) => operatorKind === kind);

export interface StateSpec {
  name: string;
  /** Null: as the operator has it already. */
  kind: BootstrapKind | OperatorKind | null;
  /** Of the value; of a list's elements; of a map's keys and values, as of a broadcast state's. Null: as the operator has it already. */
  type: TypeReference | null;
  /** CEL over `row`. Where it gives null, the row has nothing for this state. */
  value: string;
  /** CEL over `row`: `value` is the value under this one key of a map. Null: it is the whole map. */
  mapKey: string | null;
  namespace: NamespaceSpec | null;
  /** CEL over `row`: when the value was last used, in milliseconds or as an instant. Null: the state has no time-to-live. */
  ttl: string | null;
  /** Null: as for the whole step. */
  merge: MergeRule | null;
}

export interface NamespaceSpec {
  type: TypeReference | null;
  value: string;
}

export interface TimerSpec {
  service: string;
  domain: 'event' | 'processing';
  /** CEL over `row`, in milliseconds or as an instant. Where it gives null, the row has no timer. */
  timestamp: string;
  namespace: NamespaceSpec | null;
}

/** What becomes of a key that the operator has already. */
export type MergeRule = { kind: 'replace' | 'keep' | 'append' } | { kind: 'expression'; expression: string };

/** How many bad rows are left out before the next one ends it all: 0 stops at the first, Infinity at none. */
export interface BadRowRule {
  limit: number;
}

/** The step with every path that it names as `at` says it. */
export function bootstrapPaths(step: BootstrapStep, at: (path: string) => string): BootstrapStep {
  const { data, key, states, timers } = step;
  const type = (reference: TypeReference | null): TypeReference | null => {
    if (reference?.kind === 'words') return { ...reference, types: reference.types.map((text) => typePaths(text, at)) };
    return reference !== null && reference.from !== null ? { ...reference, from: at(reference.from) } : reference;
  };
  const namespace = (spec: NamespaceSpec | null) => (spec === null ? null : { ...spec, type: type(spec.type) });
  return {
    ...step,
    data: data.kind === 'file' ? { ...data, file: at(data.file) } : { ...data, from: at(data.from) },
    key: key === null ? null : { ...key, type: type(key.type) },
    states: states.map((state) => ({ ...state, type: type(state.type), namespace: namespace(state.namespace) })),
    timers: timers.map((timer) => ({ ...timer, namespace: namespace(timer.namespace) })),
  };
}

/** Types in words name files too: the schemas of Avro. Words that are no type stay as they are, for who says what is wrong. */
function typePaths(text: string, at: (path: string) => string): string {
  if (!/avro/i.test(text)) return text;
  try {
    return printType(withAvroSchemaPaths(parseTypeText(text), at));
  } catch (e) {
    if (e instanceof EngineError) return text;
    throw e;
  }
}
