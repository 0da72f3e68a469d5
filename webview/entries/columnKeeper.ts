import type { EntryColumn, StateTarget } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import {
  type ColumnLayout,
  freshLayout,
  movedAmongVisible,
  restoreLayout,
  withHidden,
  withWidth,
} from '../grid/columnLayout';
import { toggledExpand } from './gridColumns';

/** How the columns of one state are laid out, kept by the extension for the next time and for other snapshots of the job. */
export class ColumnKeeper {
  layout: ColumnLayout = freshLayout();
  /** Ids of columns that stand as their fields. */
  expand: string[] = [];

  constructor(
    private readonly context: PageContext,
    private readonly target: StateTarget,
  ) {}

  async restore(): Promise<void> {
    const { host } = this.context;
    // Without what was kept the columns stand as they are.
    const kept = await host.request('keptColumns', { target: this.target }).catch(() => null);
    if (kept === null) return;
    this.layout = restoreLayout(kept);
    const { expand } = kept;
    this.expand = Array.isArray(expand) ? expand.filter((id) => typeof id === 'string') : [];
  }

  set(layout: ColumnLayout): void {
    this.layout = layout;
    this.keep();
  }

  setWidth(id: string, width: number): void {
    this.set(withWidth(this.layout, id, width));
  }

  move(columns: readonly EntryColumn[], id: string, by: 1 | -1): void {
    const ids = columns.map((column) => column.id);
    this.set(movedAmongVisible(ids, this.layout, id, by));
  }

  hide(id: string): void {
    this.set(withHidden(this.layout, id, true));
  }

  /** Opens a column into its fields, or closes those it is one of. */
  toggle(columns: readonly EntryColumn[], id: string): void {
    this.expand = toggledExpand(columns, this.expand, id);
    this.keep();
  }

  reset(): void {
    this.layout = freshLayout();
    this.expand = [];
    this.keep();
  }

  private keep(): void {
    const { target, layout, expand } = this;
    this.context.host.request('keepColumns', { target, kept: { ...layout, expand } }).catch(() => undefined);
  }
}
