import { EngineError } from '../bytes/engineError';
import { isVoid } from '../decodeEntry';
import { isTimed } from '../plan/timeToLive';
import type { Codec } from '../types/codec';
import type { DescribedType } from '../types/describe/describedType';
import { newSerializer } from '../types/describe/newSerializer';
import { storedType } from '../types/describe/storedType';
import { spellType } from '../types/typeInfo';
import type { KeyedSource, KeyedSourceState } from '../write/keyedSource';
import { BootstrapJob, type FilledState } from './bootstrapJob';
import { type RowExpression, rowExpression } from './cel/rowExpression';
import type { DataSource } from './data/dataSource';
import { type DataPlaces, openData } from './data/openData';
import { entryMerge } from './entryMerge';
import {
  type DescribedState,
  envelopeOf,
  newKeyedState,
  newOperatorState,
  newTimerQueue,
  timerQueueName,
  VOID_NAMESPACE,
} from './newState';
import { OperatorRows, type OperatorRowsState } from './operatorRows';
import {
  type BootstrapStep,
  isOperatorKind,
  type NamespaceSpec,
  type OperatorKind,
  type StateSpec,
  type TimerSpec,
  type TypeReference,
} from './step';
import { keyType, operatorTypes, type TypePlaces, valueType } from './typeReferences';

/** What the operator that is filled has already, under the names that the steps before this one gave. */
export interface ExistingState {
  source: KeyedSource;
  /** By the name that the state will have. */
  states: ReadonlyMap<string, KeyedSourceState>;
}

/** What a step's rows become; the data is to be closed by who asked for it. */
export interface PreparedRows {
  data: DataSource;
  keyed: BootstrapJob | null;
  operator: OperatorRows | null;
}

/** The key of an operator whose keys other steps of the plan made. */
export interface KnownKey {
  keyBytes: Uint8Array;
  keyCodec: Codec;
}

/**
 * Makes everything of a step `bootstrap` ready but the rows: opens the data, finds types, compiles expressions. An error names
 * the part of the step in `where`.
 */
export async function prepareBootstrap(
  step: BootstrapStep,
  existing: ExistingState | null,
  known: KnownKey | null,
  places: TypePlaces & DataPlaces,
): Promise<PreparedRows> {
  const data = await located('data', () => openData(step.data, places, places.signal));
  try {
    const context = new StepContext(step, data, existing, places);
    const where = step.where === null ? null : await located('where', () => context.expression(step.where ?? ''));
    const operator = await context.operatorRows(where);
    const spec = step.key;
    if (spec === null) return { data, keyed: null, operator };
    const key = await located('key', () => context.key(spec, known));
    const states: FilledState[] = [];
    for (const [i, spec] of step.states.entries()) {
      if (isOperatorKind(spec.kind)) continue;
      states.push(await located(`states / [${i}]`, () => context.state(spec, key)));
    }
    for (const [i, spec] of step.timers.entries()) {
      states.push(await located(`timers / [${i}]`, () => context.timer(spec, key)));
    }
    const keyExpression = await located('key / value', () => context.expression(spec.value));
    const { newStates } = context;
    const keyed =
      states.length === 0
        ? null
        : new BootstrapJob(data, where, keyExpression, key.bytes, key.codec, states, newStates, step.onBadRow);
    return { data, keyed, operator };
  } catch (e) {
    await data.close();
    throw e;
  }
}

interface StepKey {
  bytes: Uint8Array;
  codec: Codec;
  type: DescribedType;
}

class StepContext {
  readonly newStates: DescribedState[] = [];
  private readonly names = new Set<string>();

  constructor(
    private readonly step: BootstrapStep,
    private readonly data: DataSource,
    private readonly existing: ExistingState | null,
    private readonly places: TypePlaces,
  ) {}

  expression(text: string): RowExpression {
    return rowExpression(text, this.data);
  }

  /** Operator state of the step; null where it has none. */
  async operatorRows(where: RowExpression | null): Promise<OperatorRows | null> {
    const states: OperatorRowsState[] = [];
    for (const [i, spec] of this.step.states.entries()) {
      const { kind } = spec;
      if (isOperatorKind(kind)) states.push(await located(`states / [${i}]`, () => this.operatorState(spec, kind)));
    }
    if (states.length === 0) return null;
    return new OperatorRows(this.data, where, states, this.step.onBadRow);
  }

  private async operatorState(spec: StateSpec, kind: OperatorKind): Promise<OperatorRowsState> {
    this.claim(spec.name);
    if (spec.type === null) throw missingType('values', spec.name);
    if (spec.type.kind === 'of') {
      throw new EngineError('BAD_ARGUMENT', 'The types of operator state are given in words.', { where: 'typeOf' });
    }
    const types = await operatorTypes(kind, spec.type, this.places);
    const { meta, state } = newOperatorState(spec.name, kind, types, this.places.line);
    if (state.value === null) throw new EngineError('INTERNAL', 'Internal error: the state has no serializer.');
    return {
      name: spec.name,
      kind,
      meta,
      key: state.userKey,
      value: state.value,
      expression: at('value', () => this.expression(spec.value)),
      mapKey: spec.mapKey === null ? null : at('mapKey', () => this.expression(spec.mapKey ?? '')),
    };
  }

  async key(spec: NonNullable<BootstrapStep['key']>, known: KnownKey | null): Promise<StepKey> {
    const { line } = this.places;
    const reference = spec.type;
    const wanted = reference === null ? null : await keyType(reference, this.places);
    const stored = this.existing?.source ?? null;
    const keyBytes = stored?.keyBytes ?? known?.keyBytes ?? null;
    if (keyBytes === null) {
      if (wanted === null) throw missingType('keys', 'key');
      const serializer = newSerializer(wanted, line);
      return { bytes: envelopeOf(serializer), codec: serializer.codec, type: wanted };
    }
    const codec = stored?.key ?? known?.keyCodec ?? null;
    if (codec === null) throw new EngineError('REFUSED', 'The operator does not say how its keys are serialized.');
    if (wanted !== null) {
      // As inspect prints both: it leaves out what a person need not say again, such as which types of SQL have no null.
      const [has, asked] = [codec, newSerializer(wanted, line).codec].map(({ type }) => spellType(type));
      if (has !== asked)
        throw new EngineError('BAD_ARGUMENT', `The operator's keys are ${has}, not ${asked}.`, { where: 'type' });
    }
    return { bytes: keyBytes, codec, type: storedType(keyBytes, line) };
  }

  async state(spec: StateSpec, key: StepKey): Promise<FilledState> {
    this.claim(spec.name);
    const known = this.existing?.states.get(spec.name);
    const canonical = (known ?? (await this.newState(spec, key))).canonical;
    if (known !== undefined) await this.expectSame(spec, known, key);
    if (isTimed(canonical) !== (spec.ttl !== null)) {
      throw new EngineError(
        'BAD_ARGUMENT',
        spec.ttl === null
          ? `${spec.name} has a time-to-live: "ttl" is missing, when its values were last used.`
          : `${spec.name} has no time-to-live.`,
        { where: 'ttl' },
      );
    }
    const namespace = this.namespace(spec.namespace, canonical.namespace, spec.name);
    const merge = spec.merge ?? this.step.merge;
    if (spec.mapKey !== null && canonical.kind !== 'map')
      throw new EngineError('BAD_ARGUMENT', 'Only a map has keys of its own.', { where: 'mapKey' });
    return {
      name: spec.name,
      canonical,
      expressions: {
        value: at('value', () => this.expression(spec.value)),
        mapKey: spec.mapKey === null ? null : at('mapKey', () => this.expression(spec.mapKey ?? '')),
        namespace,
        ttl: spec.ttl === null ? null : at('ttl', () => this.expression(spec.ttl ?? '')),
      },
      timer: null,
      merge: at('merge', () => entryMerge(merge, canonical, known !== undefined)),
    };
  }

  async timer(spec: TimerSpec, key: StepKey): Promise<FilledState> {
    const name = timerQueueName(spec.domain, spec.service);
    this.claim(name);
    let canonical = this.existing?.states.get(name)?.canonical;
    if (canonical === undefined) {
      const namespace = await this.namespaceType(spec.namespace);
      const queue = newTimerQueue(name, key.type, namespace, key.codec, this.places.line);
      this.newStates.push(queue);
      canonical = queue.canonical;
    }
    return {
      name,
      canonical,
      expressions: null,
      timer: {
        timestamp: at('timestamp', () => this.expression(spec.timestamp)),
        namespace: this.namespace(spec.namespace, canonical.namespace, name),
      },
      merge: at('merge', () => entryMerge(this.step.merge, canonical, true)),
    };
  }

  private async newState(spec: StateSpec, key: StepKey): Promise<DescribedState> {
    const { line } = this.places;
    if (isOperatorKind(spec.kind)) throw new EngineError('INTERNAL', 'Internal error: operator state has no keys.');
    if (spec.kind === null)
      throw new EngineError('BAD_ARGUMENT', '"kind" is missing: the operator does not have this state yet.');
    if (spec.type === null) throw missingType('values', spec.name);
    const value = await valueType(spec.kind, spec.type, spec.ttl !== null, this.places);
    const namespace = await this.namespaceType(spec.namespace);
    const state = newKeyedState(spec.name, spec.kind, value, namespace, key.codec, line);
    this.newStates.push(state);
    return state;
  }

  /** A state that is there keeps its types; what the step says of them must be the same. */
  private async expectSame(spec: StateSpec, { name, canonical }: KeyedSourceState, key: StepKey): Promise<void> {
    if (spec.kind !== null && spec.kind !== canonical.kind) {
      throw new EngineError(
        'BAD_ARGUMENT',
        `The operator's state ${name} is of kind ${canonical.kind}, not ${spec.kind}.`,
        { where: 'kind' },
      );
    }
    if (spec.type === null || spec.kind === null || isOperatorKind(spec.kind)) return;
    const type = await valueType(spec.kind, spec.type, isTimed(canonical), this.places);
    const wanted = newKeyedState(name, spec.kind, type, VOID_NAMESPACE, key.codec, this.places.line).canonical;
    for (const part of ['userKey', 'value'] as const) {
      const [has, asked] = [canonical[part], wanted[part]].map((codec) =>
        codec === null ? '' : spellType(codec.type),
      );
      if (has !== asked) {
        throw new EngineError('BAD_ARGUMENT', `The operator's state ${name} has values of type ${has}, not ${asked}.`, {
          where: 'type',
        });
      }
    }
  }

  private async namespaceType(spec: NamespaceSpec | null): Promise<DescribedType> {
    if (spec === null) return VOID_NAMESPACE;
    const type: TypeReference | null = spec.type;
    if (type === null) throw missingType('namespaces', 'namespace');
    return keyType(type, this.places);
  }

  private namespace(spec: NamespaceSpec | null, codec: Codec | null, name: string): RowExpression | null {
    if (isVoid(codec)) {
      if (spec === null) return null;
      throw new EngineError('BAD_ARGUMENT', `The entries of ${name} have no namespace.`, { where: 'namespace' });
    }
    if (spec === null) {
      throw new EngineError(
        'BAD_ARGUMENT',
        `The entries of ${name} have a namespace of type ${codec?.type.name ?? 'unknown'}: "namespace" is missing.`,
      );
    }
    return at('namespace', () => this.expression(spec.value));
  }

  private claim(name: string): void {
    if (this.names.has(name))
      throw new EngineError('BAD_ARGUMENT', `The state ${name} is filled twice.`, { where: 'name' });
    this.names.add(name);
  }
}

const missingType = (what: string, name: string): EngineError =>
  new EngineError('BAD_ARGUMENT', `The type of ${what} is missing: "type" or "typeOf" of ${name}.`);

function at<T>(where: string, run: () => T): T {
  try {
    return run();
  } catch (e) {
    if (e instanceof EngineError) throw e.at({ where });
    throw e;
  }
}

async function located<T>(where: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (e) {
    if (e instanceof EngineError && e.code !== 'CANCELLED') throw e.at({ where });
    throw e;
  }
}
