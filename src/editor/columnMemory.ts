import type * as vscode from 'vscode';
import type { StateTarget } from '../view/shownEntries';

const KEY = 'columns';
/** States whose columns are remembered: those that were laid out last. */
const MOST_STATES = 300;

type Kept = Record<string, Record<string, unknown>>;

/** How the columns of states are laid out, for every snapshot of the workspace: the next one of the same job has the same states. */
export class ColumnMemory {
  constructor(private readonly memory: vscode.Memento) {}

  get(target: StateTarget): Record<string, unknown> | null {
    return this.all[nameOf(target)] ?? null;
  }

  async set(target: StateTarget, kept: Record<string, unknown>): Promise<void> {
    const name = nameOf(target);
    const { [name]: _, ...others } = this.all;
    const entries = [...Object.entries(others), [name, kept] as const].slice(-MOST_STATES);
    await this.memory.update(KEY, Object.fromEntries(entries));
  }

  private get all(): Kept {
    return this.memory.get<Kept>(KEY) ?? {};
  }
}

const nameOf = ({ operator, state, backend }: StateTarget): string => JSON.stringify([operator, state, backend]);
