import type { PartState } from '../../backends/part';
import { RawTimersPart, type TimerService, writeTimer, writeTimersStart } from '../../backends/rawTimers';
import { sameBytes } from '../../bytes/byteStrings';
import { EngineError } from '../../bytes/engineError';
import { Sink } from '../../bytes/sink';
import { keyGroupRange } from '../../keyGroups';
import type { KeyGroupsHandle } from '../../metadata/model';
import type { SnapshotOperator } from '../../snapshot';
import { spellType } from '../../types/typeInfo';
import type { KeyedTarget, OutputPlace } from '../keyedRewrite';
import { KeyGroupRule } from '../keyGroupRule';
import { KeyGroupSort } from '../keyGroupSort';
import { fillFile } from '../newFile';
import type { OutputEntry } from '../outputEntry';
import { isSameTally, Tally } from '../tally';
import { withKeyHash } from './findKeyHash';

/**
 * Timers in raw keyed state in the forms of Flink 1.7 and older, for another max parallelism: every timer goes to the key group of
 * its key, in the form that it has. Each new key group names all services with their serializers, as each old one does. Source:
 * InternalTimeServiceManager#snapshotStateForKeyGroup, InternalTimerServiceSerializationProxy.
 */
export class MovedTimers {
  private readonly services: readonly TimerService[];
  /** Of all timers, each as one of its new key group; known after `check`. */
  private tally = new Tally();

  constructor(
    private readonly parts: readonly RawTimersPart[],
    private readonly from: number,
    private readonly target: Pick<KeyedTarget, 'parallelism' | 'maxParallelism'>,
    /** How the job's own class computes the hash code of keys, where that was found. */
    private readonly keyHash: string | null,
  ) {
    this.services = servicesOf(parts);
  }

  /** Timers that the check found, each in the key group that its key's hash says. */
  get count(): number {
    return this.tally.entries;
  }

  /** Goes over all timers: `REFUSED` where one lies in another key group than its key's hash says. */
  async check(signal?: AbortSignal): Promise<void> {
    this.tally = await this.sums(signal);
  }

  /** One handle for each new subtask. */
  async write(place: OutputPlace, signal?: AbortSignal): Promise<KeyGroupsHandle[]> {
    const { parallelism, maxParallelism } = this.target;
    const sort = new KeyGroupSort(maxParallelism, place.output, place.names, place.store);
    for await (const timer of this.timers(signal)) if (sort.add(timer)) await sort.spill();
    const groups = new KeyGroups(sort.sorted(signal));
    const handles: KeyGroupsHandle[] = [];
    for (let subtask = 0; subtask < parallelism; subtask++) {
      const { start, end } = keyGroupRange(subtask, maxParallelism, parallelism);
      const offsets: number[] = [];
      const stream = await fillFile(place, async (file) => {
        for (let keyGroup = start; keyGroup <= end; keyGroup++) {
          offsets.push(file.position);
          await file.write(this.bytesOf(await groups.take(keyGroup)));
        }
      });
      handles.push({ type: 'keyGroups', startKeyGroup: start, offsets, stream, stateHandleId: null });
    }
    await sort.clear();
    return handles;
  }

  /** Reads the timers of the new snapshot: `CHECKSUM` where they are not those that were to be written. */
  async prove(operator: SnapshotOperator, signal?: AbortSignal): Promise<void> {
    const { maxParallelism } = this.target;
    const written = new MovedTimers(await oldTimersOf(operator, signal), maxParallelism, this.target, this.keyHash);
    const found = await written.sums(signal);
    for (const name of new Set([...found.states.keys(), ...this.tally.states.keys()])) {
      if (isSameTally(found.of(name), this.tally.of(name))) continue;
      throw new EngineError('CHECKSUM', `The timers of ${name} are not those that were to be written.`, {
        hint: 'The snapshot was removed again. Please report this.',
      });
    }
  }

  private async sums(signal: AbortSignal | undefined): Promise<Tally> {
    const names = this.states.map(({ name }) => name);
    const tally = new Tally();
    for await (const { keyGroup, state, key, value } of this.timers(signal)) {
      tally.add(names[state], key, value, keyGroup);
    }
    return tally;
  }

  /** Timers are told apart by their numbers: two for each service. */
  private get states(): PartState[] {
    return this.services.flatMap(({ event, processing }) => [event, processing]);
  }

  /** All timers in the bytes that they have, each with its new key group. */
  private async *timers(signal: AbortSignal | undefined): AsyncGenerator<OutputEntry> {
    const { from, keyHash, target } = this;
    const numbers = new Map(this.states.map(({ name }, number) => [name, number]));
    const key = this.services[0]?.event.key ?? null;
    const hashed = key === null || key.hash !== undefined || keyHash === null ? key : withKeyHash(key, keyHash);
    const rule = new KeyGroupRule(hashed, from, target.maxParallelism);
    const sink = new Sink();
    for (const part of this.parts) {
      for await (const { entries, unread } of part.entries({}, signal)) {
        const [lost] = unread;
        if (lost !== undefined) throw unreadable(lost.state.name, lost.reason);
        for (const entry of entries) {
          sink.clear();
          writeTimer(sink, entry);
          const state = numbers.get(entry.state.name) ?? -1;
          yield { keyGroup: rule.of(entry), state, key: sink.toBytes(), value: NO_VALUE };
        }
      }
    }
  }

  private bytesOf(timers: readonly OutputEntry[]): Uint8Array {
    const sink = new Sink();
    writeTimersStart(sink, this.services[0]?.version ?? 0, this.services.length);
    this.services.forEach(({ head }, service) => {
      sink.raw(head);
      for (const number of [2 * service, 2 * service + 1]) {
        const mine = timers.filter(({ state }) => state === number);
        sink.i32(mine.length);
        for (const { key } of mine) sink.raw(key);
      }
    });
    return sink.toBytes();
  }
}

/** The timers of an operator that are in the forms of Flink 1.7 and older, by subtask. */
async function oldTimersOf(operator: SnapshotOperator, signal: AbortSignal | undefined): Promise<RawTimersPart[]> {
  const found: RawTimersPart[] = [];
  for (const subtask of operator.subtasks) {
    const { parts } = await subtask.open(signal);
    for (const part of parts) if (part instanceof RawTimersPart && !part.isDescribed) found.push(part);
  }
  return found;
}

/** Those of all subtasks, which must be written in one form. */
function servicesOf(parts: readonly RawTimersPart[]): TimerService[] {
  const services = new Map<string, TimerService>();
  for (const service of parts.flatMap(({ all }) => all)) {
    const { name } = service.event;
    const known = services.get(name) ?? service;
    const [first] = services.values();
    if (!isSameForm(known, service) || (first ?? service).version !== service.version) {
      throw new EngineError('REFUSED', 'Its subtasks serialize timers in different ways.', { where: name });
    }
    services.set(name, known);
  }
  return [...services.values()];
}

/** Serializers that were used have other bytes than those that were not: they remember lengths that they have worked out. */
function isSameForm(a: TimerService, b: TimerService): boolean {
  if (sameBytes(a.head, b.head)) return true;
  const types = ({ event: { key, namespace } }: TimerService): string[] =>
    [key, namespace].map((codec) => (codec === null ? '' : spellType(codec.type)));
  const [of, other] = [types(a), types(b)];
  return of.every((type, i) => type === other[i]);
}

/** Entries that come by key group, taken key group by key group. */
class KeyGroups {
  private waiting: OutputEntry[] = [];

  constructor(private readonly lists: AsyncGenerator<OutputEntry[]>) {}

  async take(keyGroup: number): Promise<OutputEntry[]> {
    const taken: OutputEntry[] = [];
    for (;;) {
      const end = this.waiting.findIndex((entry) => entry.keyGroup !== keyGroup);
      if (end >= 0) return [...taken, ...this.waiting.splice(0, end)];
      taken.push(...this.waiting);
      const next = await this.lists.next();
      this.waiting = next.done === true ? [] : next.value;
      if (next.done === true) return taken;
    }
  }
}

const NO_VALUE = new Uint8Array(0);

const unreadable = (state: string, reason: string): EngineError =>
  new EngineError('REFUSED', `Its timers cannot be read: ${reason}`, { where: state });
