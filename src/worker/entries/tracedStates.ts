import { EngineError } from '../../engine/bytes/engineError';
import { openSnapshot, type Snapshot } from '../../engine/snapshot';
import type { FileStore } from '../../engine/storage/byteSource';
import { CodecTrace } from '../../engine/types/codecTrace';
import type { DecoderChoices } from '../../engine/types/decoderChoices';
import type { StateTarget } from '../../view/shownEntries';
import type { TracedState } from './entryDetail';

/** Subtasks whose states are kept. */
const MOST_KEPT = 32;

/** A state once more, subtask by subtask, with codecs that say which bytes they read: those that read rows have no time for it. */
export class TracedStates {
  private readonly trace = new CodecTrace();
  private snapshot: Promise<Snapshot> | null = null;
  private readonly states = new Map<number, TracedState | null>();

  constructor(
    private readonly store: FileStore,
    private readonly path: string,
    private readonly target: StateTarget,
    private readonly closing: AbortSignal,
    private readonly decoders?: DecoderChoices,
  ) {}

  /** Null where the subtask does not have it, or cannot be opened again: an entry can be shown without. */
  async state(subtask: number): Promise<TracedState | null> {
    const known = this.states.get(subtask);
    if (known !== undefined) return known;
    const found = await this.open(subtask);
    if (this.states.size >= MOST_KEPT) this.states.clear();
    this.states.set(subtask, found);
    return found;
  }

  async close(): Promise<void> {
    await (await this.snapshot?.catch(() => null))?.close();
  }

  private async open(index: number): Promise<TracedState | null> {
    const { trace, closing, target, decoders } = this;
    try {
      this.snapshot ??= openSnapshot(this.path, this.store, { signal: closing, wrap: trace.wrap, decoders });
      const { operators } = await this.snapshot;
      const operator = operators.find(({ id }) => id === target.operator);
      const subtask = operator?.subtasks.find((of) => of.index === index);
      const parts = (await subtask?.open(closing))?.parts ?? [];
      const states = parts.filter(({ backend }) => backend === target.backend).flatMap(({ states }) => states);
      const state = states.find(({ name }) => name === target.state);
      return state === undefined ? null : { state, trace };
    } catch (e) {
      if (e instanceof EngineError && e.code !== 'CANCELLED') return null;
      throw e;
    }
  }
}
