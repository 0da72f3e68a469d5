import type { PartState, RawEntry, StatePart } from '../../engine/backends/part';
import { SlicedEntry } from '../../engine/backends/slicedEntry';
import { sameBytes } from '../../engine/bytes/byteStrings';
import { asEngineError, EngineError, throwIfAborted } from '../../engine/bytes/engineError';
import { decodeEntry, isVoid } from '../../engine/decodeEntry';
import type { Problem } from '../../engine/description';
import { writeJson } from '../../engine/json/writeJson';
import { keyGroupsOf } from '../../engine/metadata/handles';
import type { KeyLookup } from '../../engine/query/lookup';
import { type KeptEntry, keepEntry } from '../../engine/rows/keptEntry';
import { stateBlocks } from '../../engine/rows/stateBlocks';
import type { Snapshot, SnapshotOperator, SnapshotSubtask } from '../../engine/snapshot';
import { toProblem } from '../../rpc/problem';
import { type KeyFound, type KeyLookupQuery, MOST_FOUND, type StateFound } from '../../view/shownRows';
import { Columns } from './columns';
import { shownRows } from './stateSession';
import { TimeZone } from './timeZone';
import { Turns } from './turns';
import { typedText } from './typedText';

/** What one state has under the key. */
interface Found {
  readonly part: StatePart;
  readonly state: PartState;
  readonly entries: KeptEntry[];
  total: number;
}

type Asked = Omit<KeyLookupQuery, 'key'> & {
  /** As a person wrote it, or the entry that has it. */
  readonly key: string | RawEntry;
};

/**
 * Finds everything that an operator keeps under a key, in all of its keyed states and timers. Only the key group is read, of
 * the subtasks that have it; where only a class of the job could tell which it is, all of them. `tell` is given each state as
 * soon as it was looked into.
 */
export async function lookUpKey(
  snapshot: Snapshot,
  asked: Asked,
  signal: AbortSignal,
  tell: (found: StateFound) => void,
): Promise<KeyFound> {
  const start = performance.now();
  const operator = snapshot.operators.find(({ id }) => id === asked.operator);
  if (operator === undefined) throw new EngineError('NOT_FOUND', `The snapshot has no operator ${asked.operator}.`);
  const lookup = new OperatorLookup(operator, asked, signal);
  const states: StateFound[] = [];
  await lookup.run((found) => {
    states.push(found);
    tell(found);
  });
  const { key, keyGroup, problems } = lookup;
  const owner = operator.subtasks.find((subtask) => keyGroup !== null && hasKeyGroup(subtask, keyGroup));
  return {
    key,
    keyGroup,
    subtask: owner?.index ?? null,
    states,
    millis: Math.round(performance.now() - start),
    problems,
  };
}

class OperatorLookup {
  key = '';
  keyGroup: number | null = null;
  readonly problems: Problem[] = [];
  private wanted: KeyLookup | null = null;
  private readonly pace: () => Promise<void>;

  constructor(
    private readonly operator: SnapshotOperator,
    private readonly asked: Asked,
    private readonly signal: AbortSignal,
  ) {
    this.pace = new Turns().pacer(signal, false);
  }

  async run(tell: (found: StateFound) => void): Promise<void> {
    const all = new Map<string, Found>();
    for (const subtask of [...this.operator.subtasks].sort((a, b) => a.index - b.index)) {
      if (subtask.managedKeyedState === null && subtask.rawKeyedState === null) continue;
      if (this.keyGroup !== null && !hasKeyGroup(subtask, this.keyGroup)) continue;
      throwIfAborted(this.signal);
      const { parts, failures } = await subtask.open(this.signal);
      for (const { what, error } of failures) if (what !== 'operator state') this.note(error, subtask);
      for (const part of parts) {
        if (part.backend === 'operator') continue;
        const wanted = this.lookup(part);
        if (this.keyGroup !== null && !hasKeyGroup(subtask, this.keyGroup)) continue;
        await this.look(part, subtask, wanted, all);
        // With a key group, no other subtask has more of these states.
        if (this.keyGroup !== null) for (const state of part.states) this.tellOf(all, part, state, tell);
      }
    }
    if (this.wanted === null && this.problems.length === 0) {
      throw new EngineError('BAD_VALUE', 'This operator has no keyed state.');
    }
    for (const { part, state } of [...all.values()]) this.tellOf(all, part, state, tell);
  }

  /** The key as the operator's serializer writes it; the same for all of its subtasks. */
  private lookup(part: StatePart): KeyLookup {
    const { key } = this.asked;
    if (this.wanted !== null) return this.wanted;
    const codec = part.key ?? part.states.find((state) => state.key !== null)?.key ?? null;
    if (typeof key === 'string') this.wanted = typedText(key, 'key', codec, this.operator.state.maxParallelism);
    else this.wanted = { bytes: key.key ?? new Uint8Array(0), keyGroup: key.keyGroup };
    this.keyGroup = this.wanted.keyGroup;
    const state = part.states.find((of) => of.key !== null) ?? part.states[0];
    const entry = { state, keyGroup: -1, index: -1, key: this.wanted.bytes, namespace: null, userKey: null };
    if (state !== undefined) {
      this.key = writeJson(decodeEntry({ ...entry, value: null, timestamp: null, fault: null }).key);
    }
    return this.wanted;
  }

  private async look(
    part: StatePart,
    subtask: SnapshotSubtask,
    wanted: KeyLookup,
    all: Map<string, Found>,
  ): Promise<void> {
    const { operator, asked, signal } = this;
    if (asked.target !== null && asked.target.backend !== part.backend) return;
    const { keyGroup, bytes } = wanted;
    const tests = new Map<PartState, ((entry: SlicedEntry) => boolean) | null>();
    const counts = new Map<string, number>();
    const blocks = new Map(
      stateBlocks(operator, { state: '', backend: part.backend }).map(
        (block, i) => [block.subtask === subtask ? block.keyGroup : null, i] as const,
      ),
    );
    const states = asked.target === null ? {} : { states: new Set([asked.target.state]) };
    try {
      const selection = keyGroup === null ? states : { ...states, keyGroup, key: bytes };
      for await (const { entries, unread } of part.entries(selection, signal)) {
        for (const { state, keyGroup: of, bytes: lost, code, reason } of unread) {
          this.note(new EngineError(code, `${lost} bytes of ${state.name} could not be read: ${reason}`), subtask, of);
        }
        for (const raw of entries) {
          const entry = SlicedEntry.of(raw);
          if (!entry.hasKey(bytes)) continue;
          const name = `${raw.state.name} ${raw.keyGroup}`;
          const index = counts.get(name) ?? 0;
          counts.set(name, index + 1);
          let test = tests.get(raw.state);
          if (test === undefined) {
            test = this.testOf(raw.state);
            tests.set(raw.state, test);
          }
          if (test === null || !test(entry)) continue;
          const found = foundOf(all, part, raw.state);
          const block = blocks.get(raw.keyGroup) ?? 0;
          if (found.total++ < MOST_FOUND)
            found.entries.push(keepEntry(raw, { operator, subtask, part }, { block, index }));
        }
        await this.pace();
      }
    } catch (e) {
      const error = asEngineError(e, { file: part.file });
      if (error.code === 'CANCELLED') throw error;
      this.note(error, subtask);
    }
  }

  /** Whether namespace and map key are those asked for; null where the state can have no such. */
  private testOf({ namespace, userKey, kind }: PartState): ((entry: SlicedEntry) => boolean) | null {
    const { asked } = this;
    const { maxParallelism } = this.operator.state;
    const wanted = (
      text: string | null,
      what: 'namespace' | 'map key',
      has: boolean,
    ): Uint8Array | null | undefined => {
      if (text === null) return undefined;
      if (!has) return null;
      try {
        return typedText(text, what, what === 'namespace' ? namespace : userKey, maxParallelism).bytes;
      } catch (e) {
        if (e instanceof EngineError && e.code === 'BAD_VALUE') return null;
        throw e;
      }
    };
    const ofNamespace = wanted(asked.namespace, 'namespace', namespace !== null && !isVoid(namespace));
    const ofMap = wanted(asked.mapKey, 'map key', kind === 'map');
    if (ofNamespace === null || ofMap === null) return null;
    return ({ namespace: space, userKey: own }) => isSame(space, ofNamespace) && isSame(own, ofMap);
  }

  /** Tells of a state once. */
  private tellOf(
    all: Map<string, Found>,
    part: StatePart,
    { name }: PartState,
    tell: (found: StateFound) => void,
  ): void {
    const id = `${part.backend} ${name}`;
    const found = all.get(id);
    if (found === undefined) return;
    all.delete(id);
    const { state, entries, total } = found;
    const columns = new Columns(state);
    tell({
      target: { operator: this.operator.id, state: name, backend: part.backend },
      kind: state.kind,
      columns: columns.shown,
      rows: shownRows(entries, columns, TimeZone.named(this.asked.zone)),
      total,
    });
  }

  private note(error: EngineError, { index }: SnapshotSubtask, keyGroup = -1): void {
    const where = keyGroup < 0 ? `subtask ${index}` : `subtask ${index} / key group ${keyGroup}`;
    this.problems.push(toProblem(error.at({ where })));
  }
}

function foundOf(all: Map<string, Found>, part: StatePart, state: PartState): Found {
  const id = `${part.backend} ${state.name}`;
  let found = all.get(id);
  if (found === undefined) {
    found = { part, state, entries: [], total: 0 };
    all.set(id, found);
  }
  return found;
}

function isSame(part: Uint8Array | null, wanted: Uint8Array | undefined): boolean {
  return wanted === undefined || (part !== null && sameBytes(part, wanted));
}

function hasKeyGroup({ managedKeyedState, rawKeyedState }: SnapshotSubtask, keyGroup: number): boolean {
  return [managedKeyedState, rawKeyedState].some((handle) => {
    if (handle === null) return false;
    const { first, last } = keyGroupsOf(handle);
    return keyGroup >= first && keyGroup <= last;
  });
}
