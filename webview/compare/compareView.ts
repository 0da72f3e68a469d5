import { fill } from '../../src/view/format';
import type { ComparisonFound, ComparisonOutline } from '../../src/view/shownComparison';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import type { Progress } from './compareHeader';
import type { CompareHost } from './compareHost';
import type { CompareState } from './compareState';
import { DifferenceSection } from './differenceSection';
import { comparedState, type DiffRow, keyOf, rowsOf, seenRows, totals } from './diffModel';
import { OperatorTable } from './operatorTable';
import { problemList } from './problemList';

export interface ViewEvents {
  keep(state: Partial<CompareState>): void;
  failed(thrown: unknown): void;
}

/** What differs: the answer in a line, operators and states, and the entries of the chosen state. */
export class CompareView {
  readonly element = h('main', { class: 'compare-body' });
  /** The answer, in a sentence. */
  answer = '';
  private readonly verdict = h('p', { class: 'compare-verdict' });
  private readonly complaint = h('p', { class: 'complaint', role: 'alert', hidden: true });
  private readonly problems = h('div', { class: 'compare-problems' });
  private readonly empty = h('p', { class: 'quiet compare-empty', hidden: true });
  private readonly table: OperatorTable;
  private readonly section: DifferenceSection;
  private readonly only: HTMLInputElement;
  private rows: DiffRow[] = [];
  private seen: DiffRow[] = [];
  private state: CompareState;
  private hasChosen = false;
  private problemCount = -1;

  constructor(
    private readonly words: PageWords,
    host: CompareHost,
    state: CompareState,
    private readonly events: ViewEvents,
  ) {
    const { comparison } = words.strings;
    this.state = state;
    this.table = new OperatorTable(words, (row) => this.choose(row, 0));
    this.section = new DifferenceSection(words, host, {
      changed: (kinds, row) => this.keep({ kinds, row }),
      step: (by) => this.step(by, true),
      failed: events.failed,
    });
    this.only = h('input', { type: 'checkbox', id: 'only-differing' });
    this.only.checked = state.onlyDiffering;
    this.only.addEventListener('change', () => {
      this.keep({ onlyDiffering: this.only.checked });
      this.showRows();
    });
    this.element.append(
      h(
        'section',
        { class: 'compare-top', 'aria-label': comparison.operators },
        h(
          'div',
          { class: 'compare-top-bar' },
          this.verdict,
          h('span', { class: 'grow' }),
          h('label', { class: 'check' }, this.only, comparison.onlyDiffering),
        ),
        this.complaint,
        this.table.element,
        this.empty,
        this.problems,
      ),
      this.section.element,
    );
  }

  update(outline: ComparisonOutline, found: ComparisonFound, progress: Progress): void {
    this.rows = rowsOf(outline, found);
    this.showVerdict(found, progress);
    this.showRows();
    this.showProblems(found);
    const shown = this.rows.find(({ key }) => key === this.section.key);
    this.section.update(shown, found.capped, progress === 'done');
    if (shown === undefined && !this.hasChosen) this.chooseFirst();
  }

  /** What was found is another: what was given up is gone from the list. */
  reload(): void {
    this.section.reload();
  }

  complain(text: string): void {
    this.complaint.textContent = text;
    this.complaint.hidden = false;
  }

  stop(): void {
    this.section.stop();
  }

  /** To the next difference: in the state, or in the next state that has some. */
  step(by: 1 | -1, isBeyond = false): void {
    if (!isBeyond) {
      this.section.step(by);
      return;
    }
    const states = this.seen.filter(hasDifferences);
    const at = states.findIndex(({ key }) => key === this.section.key);
    const next = states[at < 0 ? (by === 1 ? 0 : states.length - 1) : at + by];
    if (next === undefined) return;
    this.choose(next, 0);
    this.table.select(next.key);
    this.section.start(by === 1 ? 'first' : 'last');
  }

  private keep(more: Partial<CompareState>): void {
    this.state = { ...this.state, ...more };
    this.events.keep(more);
  }

  private choose(row: DiffRow, number: number): void {
    this.hasChosen = true;
    this.keep({ target: comparedState(row), row: number });
    this.section.show(row, this.state.kinds, number);
    this.complaint.hidden = true;
  }

  /** What was looked at before; else, as soon as it is known, the first state with entries that differ. */
  private chooseFirst(): void {
    const { target, row } = this.state;
    const kept = target === null ? undefined : this.rows.find(({ key }) => key === keyOf(target));
    const first = kept ?? this.rows.find(hasDifferences);
    if (first === undefined) return;
    this.choose(first, kept === undefined ? 0 : row);
    this.table.select(first.key);
  }

  private showRows(): void {
    const { comparison } = this.words.strings;
    this.seen = seenRows(this.rows, this.state.onlyDiffering);
    this.table.show(this.seen);
    this.table.element.hidden = this.seen.length === 0;
    this.empty.hidden = this.seen.length > 0;
    this.empty.textContent = this.rows.length === 0 ? comparison.nothingThere : comparison.noneDiffers;
  }

  private showVerdict(found: ComparisonFound, progress: Progress): void {
    const { comparison } = this.words.strings;
    const { count } = this.words;
    const { operators, differing, states } = totals(this.rows);
    const sentence =
      differing > 0
        ? fill(comparison.differs, count(differing), count(operators))
        : progress === 'done'
          ? fill(comparison.same, count(found.entries), count(states))
          : comparison.sameSoFar;
    this.answer = found.problems.length === 0 ? sentence : `${sentence} ${comparison.notAll}`;
    const picture = found.problems.length > 0 ? 'warning' : differing === 0 && progress === 'done' ? 'check' : null;
    this.verdict.replaceChildren(...(picture === null ? [] : [icon(picture)]), h('span', {}, this.answer));
    this.verdict.classList.toggle('ok', picture === 'check');
    this.verdict.classList.toggle('warning', picture === 'warning');
  }

  private showProblems({ problems }: ComparisonFound): void {
    if (problems.length === this.problemCount) return;
    this.problemCount = problems.length;
    this.problems.replaceChildren(...(problems.length === 0 ? [] : [problemList(this.words, problems)]));
  }
}

/** Whether entries were found in it that differ. */
const hasDifferences = (row: DiffRow): boolean => comparedState(row) !== null && row.counts.some((count) => count > 0);
