import { isCancelled, toProblem } from '../../../src/rpc/problem';
import { fill } from '../../../src/view/format';
import type { StateTarget } from '../../../src/view/shownEntries';
import type { KeyFound, KeyLookupQuery, StateFound } from '../../../src/view/shownRows';
import type { PageContext } from '../../context';
import { h } from '../../dom';
import { cellContent } from '../../grid/cell';
import { button } from '../../ui/toolkit';
import { columnName } from '../gridColumns';

/** Rows of a state that are listed; its page has the rest. */
const ROWS_OF_STATE = 5;

/** Everything that an operator keeps under one key, timers too, state by state as it is found. */
export class AllStates {
  readonly element = h('div', { class: 'all-states' });
  private readonly list = h('div');
  private readonly status = h('div', { class: 'all-status quiet', role: 'status' });
  private looking: AbortController | null = null;

  constructor(
    private readonly context: PageContext,
    private readonly events: {
      /** To a state's page, with this key. */
      open(target: StateTarget, key: string): void;
    },
  ) {
    this.element.append(this.status, this.list);
  }

  stop(): void {
    const { looking } = this;
    this.looking = null;
    looking?.abort();
  }

  async look(query: KeyLookupQuery): Promise<void> {
    this.stop();
    const looking = new AbortController();
    this.looking = looking;
    const { strings, host } = this.context;
    this.list.replaceChildren();
    this.status.replaceChildren(
      `${strings.lookingUp}… `,
      button(strings.stop, 'secondary', () => this.stopped()),
    );
    const early: StateFound[] = [];
    try {
      const found = await host.request('lookUpKey', query, {
        signal: looking.signal,
        onProgress: (state) => {
          if (this.looking !== looking) return;
          early.push(state);
          this.list.append(this.section(state, null));
        },
      });
      if (this.looking === looking) this.show(found);
    } catch (e) {
      if (this.looking !== looking || isCancelled(e)) return;
      this.status.replaceChildren(h('p', { class: 'health-item', role: 'alert' }, toProblem(e).message));
    }
  }

  private stopped(): void {
    this.stop();
    this.status.textContent = this.context.strings.stopped;
  }

  private show(found: KeyFound): void {
    const { strings, count } = this.context;
    const { key, keyGroup, subtask, states, millis, problems } = found;
    const some = states.filter(({ total }) => total > 0);
    const facts = [
      fill(strings.statesHaveKey, count(some.length), count(states.length)),
      keyGroup !== null && `${strings.keyGroup} ${count(keyGroup)}`,
      subtask !== null && `${strings.subtask} ${count(subtask)}`,
      `${count(Math.round(millis))} ms`,
    ];
    this.status.replaceChildren(
      h('div', { class: 'mono all-key', title: key }, key),
      h('div', {}, facts.filter((fact) => fact !== false).join(' · ')),
      ...problems.map((problem) => h('p', { class: 'health-item warning' }, problem.message)),
    );
    const rest = states.filter(({ total }) => total === 0);
    this.list.replaceChildren(
      ...some.map((state) => this.section(state, key)),
      ...(rest.length === 0
        ? []
        : [
            h(
              'p',
              { class: 'quiet' },
              fill(strings.statesWithoutKey, rest.map(({ target }) => target.state).join(', ')),
            ),
          ]),
    );
  }

  private section(found: StateFound, key: string | null): HTMLElement {
    const { strings, count } = this.context;
    const { target, kind, rows, total } = found;
    const name =
      key === null
        ? h('span', { class: 'strong' }, target.state)
        : h('button', { type: 'button', class: 'link' }, target.state);
    if (key !== null) name.addEventListener('click', () => this.events.open(target, key));
    return h(
      'section',
      { class: 'found-state', 'aria-label': target.state },
      h(
        'h3',
        {},
        name,
        ' ',
        h('span', { class: 'tag' }, strings.stateKinds[kind]),
        h('span', { class: 'quiet' }, ` ${total === 1 ? strings.oneRow : fill(strings.rowsInAll, count(total))}`),
      ),
      ...rows.slice(0, ROWS_OF_STATE).map((row) => this.row(found, row)),
      total > Math.min(rows.length, ROWS_OF_STATE) &&
        h('p', { class: 'quiet' }, fill(strings.moreOperators, count(total - Math.min(rows.length, ROWS_OF_STATE)))),
    );
  }

  /** What a row has beside the key, which is the same for all. */
  private row({ columns }: StateFound, { cells }: StateFound['rows'][number]): HTMLElement {
    const { strings } = this.context;
    const list = h('dl', { class: 'found-row mono' });
    columns.forEach((column, i) => {
      const cell = cells[i];
      const isOfKey = column.part === 'key' || column.part === 'keyGroup' || column.part === 'subtask';
      if (cell === undefined || isOfKey || cell.look === 'missing') return;
      list.append(
        h(
          'div',
          {},
          h('dt', { class: 'field-name' }, columnName(column, columns, strings)),
          h(
            'dd',
            { class: `look-${cell.look}`, title: cell.hint ?? undefined },
            ...cellContent(cell, strings),
            ...(cell.hint === null || cell.look === 'opaque'
              ? []
              : [' ', h('span', { class: 'quiet hint' }, `· ${cell.hint}`)]),
          ),
        ),
      );
    });
    return list;
  }
}
