import type { OperatorDescription } from '../../src/engine/description';
import type { RowContext } from '../../src/protocol';
import { fill, shortId } from '../../src/view/format';
import { givenText, isNameable } from '../../src/view/givenNames';
import { operatorTitle } from '../../src/view/naming';
import { spellState } from '../../src/view/spellState';
import type { Strings } from '../../src/view/strings';
import type { PageContext } from '../context';
import { h, spoken, svg } from '../dom';
import type { Counts } from '../model/counts';
import type { OperatorRow, Row, StateRow } from '../model/rows';
import { NOTABLE_SKEW, spreadOf } from '../model/subtaskSpread';
import { icon } from '../ui/icons';

/** Draws rows of the table. `largest` is what the bars are measured by. */
export class RowView {
  constructor(
    private readonly context: PageContext,
    private readonly largest: number,
  ) {}

  render(row: Row, index: number, focused: boolean, counts: Counts): HTMLElement {
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
    element.append(...this.cells(row, counts));
    element.classList.add(`level-${Math.min(row.level, 8)}`);
    return element;
  }

  /** What a count changes in a row that is drawn. */
  updateCounts(element: HTMLElement, row: Row, counts: Counts): void {
    if (row.kind !== 'operator' && row.kind !== 'state') return;
    const replace = (column: string, now: HTMLElement): void =>
      element.querySelector(`.cell.${column}`)?.replaceWith(now);
    replace('entries', this.entriesCell(row, counts));
    if (row.kind !== 'state') return;
    replace('bytes', this.stateBytesCell(row, counts));
    replace('spread', this.stateSpreadCell(row, counts));
  }

  private cells(row: Row, counts: Counts): HTMLElement[] {
    switch (row.kind) {
      case 'operator':
        return this.operatorCells(row, counts);
      case 'state':
        return this.stateCells(row, counts);
      case 'line':
        return [
          cell('name', twisty(row), h('span', { class: 'label quiet' }, row.label)),
          cell('type', h('span', { class: 'quiet', title: row.hint }, row.hint)),
          cell('parallelism'),
          cell('entries'),
          this.bytesCell(row.bytes),
          cell('spread'),
        ];
      case 'part':
        return [
          cell('name', twisty(row), h('span', { class: 'label mono' }, row.label)),
          cell('type', h('span', { class: 'mono', title: row.spelled }, row.spelled)),
          cell('parallelism'),
          cell('entries'),
          cell('bytes'),
          cell('spread'),
        ];
      default:
        return row satisfies never;
    }
  }

  private operatorCells(row: OperatorRow, counts: Counts): HTMLElement[] {
    const { strings, count } = this.context;
    const { operator } = row;
    const summary = [this.statesText(operator)];
    const finished = operator.fullyFinished
      ? strings.finished
      : operator.finishedSubtasks > 0
        ? fill(strings.partlyFinished, count(operator.finishedSubtasks), count(operator.parallelism))
        : null;
    if (finished !== null) summary.push(finished);
    const title = operatorTitle(operator);
    return [
      cell(
        'name',
        twisty(row),
        h(
          'span',
          { class: operator.name === null && operator.uid === null ? 'label strong mono' : 'label strong', title },
          title,
        ),
        idBeside(operator, title, strings),
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
      this.entriesCell(row, counts),
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

  private stateCells(row: StateRow, counts: Counts): HTMLElement[] {
    const { strings } = this.context;
    const { state } = row;
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
      this.entriesCell(row, counts),
      this.stateBytesCell(row, counts),
      this.stateSpreadCell(row, counts),
    ];
  }

  private entriesCell(row: OperatorRow | StateRow, counts: Counts): HTMLElement {
    const { strings, count } = this.context;
    const number = counts.entries(row.operator, row.kind === 'state' ? row.state : null);
    switch (number.is) {
      case 'exact':
        return cell('entries', h('span', { class: 'amount' }, count(number.entries)));
      case 'atLeast': {
        const text = fill(strings.atLeast, count(number.entries));
        const shown = h(
          'span',
          { class: 'amount quiet', title: text, 'aria-hidden': 'true' },
          `${count(number.entries)} …`,
        );
        return cell('entries', shown, spoken(text));
      }
      case 'counting':
        return cell('entries', h('span', { class: 'quiet' }, strings.countingMark));
      case 'unknown':
        return cell(
          'entries',
          h('span', { class: 'quiet', title: strings.notCounted }, '—', spoken(strings.notCounted)),
        );
      default:
        return number satisfies never;
    }
  }

  private stateBytesCell({ operator, state }: StateRow, counts: Counts): HTMLElement {
    const counted = state.bytes === null ? counts.bytes(operator, state) : null;
    if (counted === null) return this.bytesCell(state.bytes);
    const { strings } = this.context;
    const isComplete = counts.news.stats?.isComplete === true;
    const text = isComplete ? strings.countedBytes : strings.countedBytesAtLeast;
    return this.bytesCell(counted, fill(text, this.context.exactBytes(counted)));
  }

  private stateSpreadCell({ operator, state }: StateRow, counts: Counts): HTMLElement {
    const amount = counts.ofState(operator, state);
    if (amount === null || amount.bars.length < 2 || amount.bytes === 0) return cell('spread');
    const { strings, count, bytes } = this.context;
    const heights = amount.bars.map((bar) => bar.bytes / (bar.last - bar.first + 1));
    const most = amount.bars.reduce((a, b) => (b.bytes > a.bytes ? b : a));
    const label = fill(strings.bySubtaskLabel, count(operator.parallelism), count(most.first), bytes(most.bytes));
    return cell(
      'spread',
      h('span', { class: 'picture', title: label }, spark(heights), spoken(label)),
      amount.skew !== null && amount.skew.ratio >= NOTABLE_SKEW
        ? this.skewMark(amount.skew.number, amount.skew.ratio)
        : null,
    );
  }

  private skewMark(subtask: number, ratio: number): HTMLElement {
    const { strings, count, settings } = this.context;
    const times = `${ratio.toLocaleString(settings.locale, { maximumFractionDigits: ratio < 100 ? 1 : 0 })}×`;
    return h(
      'span',
      { class: 'skew', title: fill(strings.largestSubtask, count(subtask), times) },
      icon('warning'),
      times,
    );
  }

  private bytesCell(bytes: number | null, title?: string): HTMLElement {
    if (bytes === null) {
      const { unknownBytes } = this.context.strings;
      return cell('bytes', h('span', { class: 'quiet amount', title: unknownBytes }, '—', spoken(unknownBytes)));
    }
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'filled' }));
    const filled = bar.firstElementChild as HTMLElement;
    filled.style.width = this.largest === 0 || bytes === 0 ? '0' : `max(2px, ${(100 * bytes) / this.largest}%)`;
    return cell(
      'bytes',
      h('span', { class: 'amount', title: title ?? this.context.exactBytes(bytes) }, this.context.bytes(bytes)),
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
    return cell(
      'spread',
      h('span', { class: 'picture', title: label }, spark(spread.bars), spoken(label)),
      notable
        ? this.skewMark(largest.subtask, skew)
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
  // With many there is no room for gaps beside what is said of the largest.
  const [step, gap] = bars.length > 12 ? [2, 0.5] : [5, 1];
  const width = bars.length * step - gap;
  return svg(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} 14`, width, height: 14, 'aria-hidden': 'true' },
    ...bars.map((bytes, i) => {
      const height = bytes === 0 ? 0 : Math.max(1, (14 * bytes) / largest);
      return svg('rect', { x: i * step, y: 14 - height, width: step - gap, height });
    }),
  );
}

/** What identifies an operator beside its title: its uid, or its hash where the title is none of the snapshot's own. */
function idBeside(operator: OperatorDescription, title: string, strings: Strings): HTMLElement | null {
  const { id, uid, name } = operator;
  const given = givenText(operator, strings);
  if (uid !== null && uid !== title)
    return h('span', { class: 'id mono', title: given ?? `${strings.uid} ${uid}` }, uid);
  if (given === null && (uid !== null || name === null)) return null;
  return h('span', { class: 'id mono', title: given === null ? id : `${given}\n${id}` }, shortId(id));
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
      return {
        webviewSection: 'operator',
        name: operatorTitle(operator),
        isNameable: isNameable(operator),
        ...common,
      };
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
