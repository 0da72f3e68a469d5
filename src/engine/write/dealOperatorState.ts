import { writeOperatorHeader } from '../backends/operatorHeader';
import { OperatorPart } from '../backends/operatorPart';
import { operatorState } from '../backends/partState';
import type { StateMeta } from '../backends/stateMeta';
import { EngineError, throwIfAborted } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { DistributionMode, OperatorStateHandle } from '../metadata/model';
import type { SnapshotOperator } from '../snapshot';
import { deal, type Share } from './deal';
import type { OutputPlace } from './keyedRewrite';
import { isSameMeta } from './keyedSource';
import { fillFile, type NewFile } from './newFile';

const MODES: Readonly<Record<string, DistributionMode>> = {
  'operator-list': 'splitDistribute',
  'operator-union': 'union',
  broadcast: 'broadcast',
};

/**
 * Managed operator state of one operator for another parallelism. List state is dealt. So is union state: Flink gives every
 * subtask all elements of all subtasks when it restores, so that each of them must be stored once. Broadcast state is the same
 * in every subtask. Elements and states keep their bytes.
 */
export class OperatorStateDeal {
  private constructor(
    private readonly version: number,
    private readonly states: readonly StateMeta[],
    private readonly parts: readonly OperatorPart[],
  ) {}

  /** Null where the operator has no such state. */
  static async open(operator: SnapshotOperator, signal?: AbortSignal): Promise<OperatorStateDeal | null> {
    const parts: OperatorPart[] = [];
    const states = new Map<string, StateMeta>();
    for (const subtask of [...operator.subtasks].sort((a, b) => a.index - b.index)) {
      throwIfAborted(signal);
      if (subtask.managedOperatorState === null) continue;
      const opened = await subtask.open(signal);
      const failure = opened.failures.find(({ what }) => what === 'operator state');
      if (failure !== undefined) throw failure.error.at({ where: `subtask ${subtask.index}` });
      const part = opened.parts.find((p) => p instanceof OperatorPart);
      if (part === undefined) continue;
      for (const meta of part.header.states) {
        const known = states.get(meta.name);
        if (known === undefined) states.set(meta.name, meta);
        else if (!isSameMeta(known, meta)) throw differs(subtask.index, meta.name);
      }
      if (part.header.version !== (parts[0] ?? part).header.version) throw differs(subtask.index, 'header');
      parts.push(part);
    }
    const [first] = parts;
    return first === undefined ? null : new OperatorStateDeal(first.header.version, [...states.values()], parts);
  }

  /** Elements of each state; broadcast state counts as one. */
  counts(): Map<string, number> {
    return new Map(
      this.states.map((meta) => [
        meta.name,
        meta.type === 'broadcast' ? 1 : this.countsOf(meta).reduce((sum, count) => sum + count, 0),
      ]),
    );
  }

  /** One handle for each new subtask. */
  async write(parallelism: number, place: OutputPlace, signal?: AbortSignal): Promise<OperatorStateHandle[]> {
    const sink = new Sink();
    writeOperatorHeader(sink, this.version, this.states);
    const header = sink.toBytes();
    const shares = this.deal(parallelism);
    const handles: OperatorStateHandle[] = [];
    for (let subtask = 0; subtask < parallelism; subtask++) {
      throwIfAborted(signal);
      const states: OperatorStateHandle['states'] = [];
      const stream = await fillFile(place, async (file) => {
        await file.write(header);
        for (const meta of this.states) {
          const offsets =
            meta.type === 'broadcast'
              ? await this.writeBroadcast(meta, file, signal)
              : await this.writeElements(meta, shares.get(meta)?.[subtask] ?? [], file, signal);
          states.push({ name: meta.name, mode: MODES[operatorState(meta).kind], offsets });
        }
      });
      handles.push({ type: 'partitionable', states, segment: null, stream });
    }
    return handles;
  }

  private deal(parallelism: number): Map<StateMeta, Share[][]> {
    const dealt = new Map<StateMeta, Share[][]>();
    let start = 0;
    for (const meta of this.states) {
      if (meta.type === 'broadcast') continue;
      const { shares, next } = deal(this.countsOf(meta), parallelism, start);
      dealt.set(meta, shares);
      start = next;
    }
    return dealt;
  }

  private countsOf(meta: StateMeta): number[] {
    return this.parts.map((part) => part.entriesOf(operatorState(meta)) ?? 0);
  }

  private async writeElements(
    meta: StateMeta,
    shares: readonly Share[],
    file: NewFile,
    signal: AbortSignal | undefined,
  ): Promise<number[]> {
    const offsets: number[] = [];
    for (const { of, from, to } of shares) {
      for await (const elements of this.parts[of].elements(operatorState(meta), from, to, signal)) {
        for (const element of elements) {
          offsets.push(file.position);
          await file.write(element.slice());
        }
      }
    }
    return offsets;
  }

  private async writeBroadcast(meta: StateMeta, file: NewFile, signal: AbortSignal | undefined): Promise<number[]> {
    for (const part of this.parts) {
      const bytes = await part.broadcastBytes(operatorState(meta), signal);
      if (bytes === null) continue;
      const offset = file.position;
      await file.write(bytes);
      return [offset];
    }
    return [];
  }
}

const differs = (subtask: number, what: string): EngineError =>
  new EngineError(
    'REFUSED',
    `Subtask ${subtask} describes its operator state in another way than those before it: ${what}.`,
  );
