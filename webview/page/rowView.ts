import type { OperatorDescription, StateDescription } from '../../src/engine/description';
import type { RowContext } from '../../src/protocol';
import { fill, shortId } from '../../src/view/format';
import { operatorTitle } from '../../src/view/naming';
import { spellState } from '../../src/view/spellState';
import type { PageContext } from '../context';
import { h, spoken, svg } from '../dom';
import type { Row } from '../model/rows';
import { spreadOf } from '../model/share';
import { icon } from '../ui/icons';

/** Skew below this is ordinary hashing, not worth a word. */
const NOTABLE_SKEW = 1.5;

/** Draws rows of the table. `largest` is what the bars are measured by. */
export class RowView {
  constructor(
    private readonly context: PageContext,
    private readonly largest: number,
  ) {}

  render(row: Row, index: number, focused: boolean): HTMLElement {
    const element = h('div', {
      role: 'row',
      class: `row ${row.kind}${focused ? ' focused' : ''}`,
      tabindex: focused ? 0 : -1,
      'aria-level': row.level,
      'aria-posinset': row.position,
      'aria-setsize': row.siblings,
      'aria-expanded': row.expandable ? String(row.expanded) : undefined,
      'aria-selected': String(focused),
      // The line with the heads is the first.
      'aria-rowindex': index + 2,
      'data-vscode-context': JSON.stringify(menuContext(row)),
    });
    element.append(...this.cells(row));
    element.classList.add(`level-${Math.min(row.level, 8)}`);
    return element;
  }

  private cells(row: Row): HTMLElement[] {
    switch (row.kind) {
      case 'operator':
        return this.operatorCells(row, row.operator);
      case 'state':
        return this.stateCells(row, row.state);
      case 'line':
        return [
          cell('name', twisty(row), h('span', { class: 'label quiet' }, row.label)),
          cell('type', h('span', { class: 'quiet', title: row.hint }, row.hint)),
          cell('parallelism'),
          this.bytesCell(row.bytes),
          cell('spread'),
        ];
      case 'part':
        return [
          cell('name', twisty(row), h('span', { class: 'label mono' }, row.label)),
          cell('type', h('span', { class: 'mono', title: row.spelled }, row.spelled)),
          cell('parallelism'),
          cell('bytes'),
          cell('spread'),
        ];
      default:
        return row satisfies never;
    }
  }

  private operatorCells(row: Row, operator: OperatorDescription): HTMLElement[] {
    const { strings, count } = this.context;
    const summary = [this.statesText(operator)];
    const finished = operator.fullyFinished
      ? strings.finished
      : operator.finishedSubtasks > 0
        ? fill(strings.partlyFinished, count(operator.finishedSubtasks), count(operator.parallelism))
        : null;
    if (finished !== null) summary.push(finished);
    const title = operatorTitle(operator);
    const id = operator.uid !== null && operator.uid !== title ? operator.uid : null;
    return [
      cell(
        'name',
        twisty(row),
        h(
          'span',
          { class: operator.name === null && operator.uid === null ? 'label strong mono' : 'label strong', title },
          title,
        ),
        id !== null
          ? h('span', { class: 'id mono', title: `${strings.uid} ${id}` }, id)
          : operator.uid === null && operator.name !== null
            ? h('span', { class: 'id mono', title: operator.id }, shortId(operator.id))
            : null,
        problemMark(operator, this.context),
      ),
      cell(
        'type',
        h('span', { class: 'quiet' }, summary.join(' · ')),
        operator.keyType === null ? null : h('span', { class: 'quiet' }, ` · ${strings.key} `),
        operator.keyType === null ? null : h('span', { class: 'mono quiet' }, operator.keyType),
      ),
      cell(
        'parallelism',
        h(
          'span',
          {
            title: `${strings.parallelism} ${count(operator.parallelism)}, ${strings.maxParallelism} ${count(operator.maxParallelism)}`,
          },
          fill(strings.ofMax, count(operator.parallelism), count(operator.maxParallelism)),
        ),
      ),
      this.bytesCell(operator.bytes),
      this.spreadCell(operator),
    ];
  }

  private statesText({ states, bytes, problems }: OperatorDescription): string {
    const { strings, count } = this.context;
    if (states.length === 1) return strings.oneState;
    if (states.length > 1) return fill(strings.states, count(states.length));
    if (bytes === 0) return strings.noState;
    return problems.some((p) => p.severity === 'error') ? strings.statesNotRead : strings.noNamedState;
  }

  private stateCells(row: Row, state: StateDescription): HTMLElement[] {
    const { strings } = this.context;
    const spelled = spellState(state);
    return [
      cell(
        'name',
        twisty(row),
        h('span', { class: 'label opens', title: `${state.name}\n${strings.showEntries}` }, state.name),
        h('span', { class: 'tag' }, strings.stateKinds[state.kind]),
        state.ttl && h('span', { class: 'tag' }, strings.ttl),
      ),
      cell(
        'type',
        state.readable
          ? null
          : h('span', { class: 'notice', title: state.why ?? strings.notReadable }, icon('info'), strings.opaque),
        h('span', { class: 'mono', title: spelled }, spelled),
      ),
      cell('parallelism', h('span', { class: 'quiet' }, strings.backends[state.backend])),
      this.bytesCell(state.bytes),
      cell('spread'),
    ];
  }

  private bytesCell(bytes: number | null): HTMLElement {
    if (bytes === null) {
      const { unknownBytes } = this.context.strings;
      return cell('bytes', h('span', { class: 'quiet amount', title: unknownBytes }, '—', spoken(unknownBytes)));
    }
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'filled' }));
    const filled = bar.firstElementChild as HTMLElement;
    filled.style.width = this.largest === 0 || bytes === 0 ? '0' : `max(2px, ${(100 * bytes) / this.largest}%)`;
    return cell(
      'bytes',
      h('span', { class: 'amount', title: this.context.exactBytes(bytes) }, this.context.bytes(bytes)),
      bar,
    );
  }

  private spreadCell(operator: OperatorDescription): HTMLElement {
    const { strings, count } = this.context;
    const spread = spreadOf(operator);
    if (spread === null) {
      return cell('spread');
    }
    const { largest, skew } = spread;
    const label = [
      fill(strings.subtasksWithState, count(operator.subtasks), count(operator.parallelism)),
      fill(
        strings.bySubtaskLabel,
        count(operator.parallelism),
        count(largest.subtask),
        this.context.bytes(largest.bytes),
      ),
    ].join('; ');
    const notable = skew >= NOTABLE_SKEW && operator.bytes > 0;
    const times = `${skew.toLocaleString(this.context.settings.locale, { maximumFractionDigits: 1 })}×`;
    return cell(
      'spread',
      h('span', { class: 'picture', title: label }, spark(spread.bars), spoken(label)),
      notable
        ? h(
            'span',
            { class: 'skew', title: fill(strings.largestSubtask, count(largest.subtask), times) },
            icon('warning'),
            times,
          )
        : operator.subtasks < operator.parallelism
          ? h('span', { class: 'quiet' }, fill(strings.ofMax, count(operator.subtasks), count(operator.parallelism)))
          : null,
    );
  }
}

function cell(column: string, ...children: Parameters<typeof h>[2][]): HTMLElement {
  return h('div', { role: 'gridcell', class: `cell ${column}` }, ...children);
}

function twisty(row: Row): HTMLElement {
  return h(
    'span',
    { class: `twisty${row.expanded ? ' open' : ''}`, 'aria-hidden': 'true' },
    row.expandable && icon('chevron'),
  );
}

function problemMark(operator: OperatorDescription, { strings }: PageContext): HTMLElement | null {
  const worst = operator.problems[0];
  if (worst === undefined) return null;
  const word = { error: strings.severityError, warning: strings.severityWarning, info: strings.severityInfo }[
    worst.severity
  ];
  return h(
    'span',
    { class: `mark ${worst.severity}`, title: worst.message },
    icon(worst.severity),
    spoken(`${word}: ${worst.message}`),
  );
}

/** Columns of one height for the largest subtask, others to scale; at least a line for what is not nothing. */
function spark(bars: readonly number[]): SVGElement {
  const largest = Math.max(...bars, 1);
  const step = bars.length > 12 ? 3 : 5;
  const width = bars.length * step - 1;
  return svg(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} 14`, width, height: 14, 'aria-hidden': 'true' },
    ...bars.map((bytes, i) => {
      const height = bytes === 0 ? 0 : Math.max(1, (14 * bytes) / largest);
      return svg('rect', { x: i * step, y: 14 - height, width: step - 1, height });
    }),
  );
}

/** What the commands of the row's context menu are given. */
function menuContext(row: Row): RowContext {
  const { operator } = row;
  const common = {
    operatorId: operator.id,
    ...(operator.uid === null ? {} : { uid: operator.uid }),
    hasUid: operator.uid !== null,
    preventDefaultContextMenuItems: true as const,
  };
  switch (row.kind) {
    case 'operator':
      return { webviewSection: 'operator', name: operatorTitle(operator), ...common };
    case 'state':
      return {
        webviewSection: 'state',
        name: row.state.name,
        type: spellState(row.state),
        backend: row.state.backend,
        ...common,
      };
    case 'part':
      return { webviewSection: 'part', name: row.label, type: row.spelled, ...common };
    case 'line':
      return { webviewSection: 'operator', name: operatorTitle(operator), ...common };
    default:
      return row satisfies never;
  }
}
