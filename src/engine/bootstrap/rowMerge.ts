import { EntryTable } from './entryTable';
import type { KeyGroupBlock } from './keyGroupBlock';
import type { RunShape } from './rowLog';
import type { RunWindow } from './runWindow';

/**
 * Puts the entries that rows have for one key group together: of one key the last one counts, elements of lists come one behind
 * the other. Where no two rows have the same key they are only copied.
 */
export class RowMerge {
  private readonly table: EntryTable;

  constructor(
    private readonly shape: RunShape,
    lists: ReadonlySet<number>,
  ) {
    this.table = new EntryTable(lists, shape.keyGroups);
  }

  write(window: RunWindow, keyGroup: number, block: KeyGroupBlock): void {
    const hasTwins = window.hasTwins(keyGroup);
    for (let state = 0; state < this.shape.states; state++) {
      if (hasTwins) this.putTogether(window, keyGroup, state, block);
      else {
        for (let run = 0; run < window.runCount; run++)
          block.stretch(state, window.bytes, window.from(run, keyGroup, state), window.to(run, keyGroup, state));
      }
    }
  }

  private putTogether(window: RunWindow, keyGroup: number, state: number, block: KeyGroupBlock): void {
    const { table } = this;
    table.addOf(window, keyGroup, state);
    table.writeTo(state, block);
    table.clear();
  }
}
