import type { LeftBehind, OperatorReport, OperatorTitle, PlanReport } from '../../src/engine/plan/planReport';
import type { ReportAction } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button } from '../ui/toolkit';
import { operatorSection, rawLine } from './operatorSection';
import { titleOf } from './titleOf';

export interface ReportOptions {
  /** Of the plan. */
  name: string;
  /** The plan is another since. */
  isOutdated: boolean;
  act(action: ReportAction): void;
  again(): void;
}

/** Operators that are named where they only are carried over. */
const MOST_NAMES = 40;

/** What a plan would change: the answer in a line, then operator by operator. */
export function reportView(words: PageWords, report: PlanReport, options: ReportOptions): HTMLElement {
  const { strings } = words;
  const changed = report.operators.filter(isChanged);
  const carried = report.operators.filter((operator) => !isChanged(operator));
  return h(
    'main',
    { class: 'snapshot report' },
    head(words, report, changed.length, options),
    options.isOutdated && outdated(words, options),
    h(
      'div',
      { class: 'content', tabindex: -1 },
      changed.length === 0 &&
        report.removed.length === 0 &&
        report.masterStates.length === 0 &&
        h('p', { class: 'report-note' }, icon('info'), strings.nothingChanges),
      report.leftBehind !== null && leftBehind(words, report.leftBehind),
      report.masterStates.length > 0 &&
        h(
          'section',
          {},
          h('h2', {}, strings.masterState),
          h('ul', {}, ...report.masterStates.map((change) => rawLine(words, change))),
        ),
      report.removed.length > 0 && names(strings.removedOperators, report.removed),
      ...changed.map((operator) => operatorSection(words, operator)),
      carried.length > 0 &&
        names(
          carried.length === 1 ? strings.oneCarried : fill(strings.operatorsCarried, words.count(carried.length)),
          carried,
        ),
    ),
  );
}

/** Another id, another parallelism, or state that is written anew. */
function isChanged({ carried, id, idBefore, copiedFrom, rows, raw }: OperatorReport): boolean {
  return !carried || id !== idBefore || copiedFrom !== null || rows.length > 0 || raw.length > 0;
}

function head(words: PageWords, report: PlanReport, changed: number, options: ReportOptions): HTMLElement {
  const { strings, count } = words;
  return h(
    'header',
    { class: 'header' },
    h(
      'div',
      { class: 'title-line' },
      h(
        'div',
        { class: 'title' },
        h('h1', { tabindex: -1, title: options.name }, fill(strings.dryRunOf, options.name)),
        h(
          'div',
          { class: 'folder' },
          h(
            'span',
            { class: 'path', title: report.from ?? '' },
            report.from === null ? strings.fromNothing : `${strings.from} ${report.from}`,
          ),
        ),
      ),
      h(
        'div',
        { class: 'title-buttons' },
        button(strings.run, 'primary', () => options.act('run')),
        button(strings.showPlan, 'secondary', () => options.act('showPlan')),
        button(strings.dryRunAgain, 'secondary', options.again),
      ),
    ),
    h(
      'ul',
      { class: 'facts' },
      h('li', { class: 'strong' }, strings.nothingWritten),
      h(
        'li',
        {},
        fill(
          strings.operatorsChanged,
          count(changed + report.removed.length),
          count(report.operators.length + report.removed.length),
        ),
      ),
      h('li', {}, fill(strings.metadataVersion, report.metadataVersion)),
      h('li', {}, fill(strings.checkpointId, count(report.checkpointId))),
    ),
  );
}

/** Flink asks one max parallelism of the operators of a task, and which these are no snapshot says. */
function leftBehind({ strings }: PageWords, { behind }: LeftBehind): HTMLElement {
  const listed = behind.slice(0, MOST_NAMES).map(titleOf).join(', ');
  const text = h('span', {}, fill(strings.leftBehind, listed));
  return h('p', { class: 'report-note warning', role: 'note' }, icon('warning'), text);
}

function outdated({ strings }: PageWords, { again }: ReportOptions): HTMLElement {
  return h(
    'div',
    { class: 'report-banner warning', role: 'status' },
    icon('warning'),
    h('span', { class: 'grow' }, strings.planChanged),
    button(strings.dryRunAgain, 'secondary', again),
  );
}

function names(title: string, operators: readonly OperatorTitle[]): HTMLElement {
  return h(
    'section',
    {},
    h('h2', {}, title),
    h(
      'ul',
      { class: 'report-names' },
      ...operators.slice(0, MOST_NAMES).map((operator) => h('li', { title: operator.id }, titleOf(operator))),
      operators.length > MOST_NAMES && h('li', { class: 'quiet' }, '…'),
    ),
  );
}
