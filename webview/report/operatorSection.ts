import type { Change, OperatorReport, RawChange, StateReport } from '../../src/engine/plan/planReport';
import { fill, shortId } from '../../src/view/format';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { keyGroupSpread, subtaskTable } from './distribution';
import { rowsSection } from './rowsSection';
import { titleOf } from './titleOf';

/** One operator: what it becomes, its states with their entries before and after, and samples of what changes. */
export function operatorSection(words: PageWords, operator: OperatorReport): HTMLElement {
  const { strings, count } = words;
  const { parallelism, maxParallelism, states, subtasks, keyGroups } = operator;
  const title = titleOf(operator);
  const isRescaled = differs(parallelism) || differs(maxParallelism);
  const changed = states.filter((state) => state.samples.length > 0);
  return h(
    'section',
    { class: 'report-operator', 'aria-label': title },
    h(
      'div',
      { class: 'section-head' },
      h('h3', {}, title),
      operator.uid !== null && operator.uid !== title && h('span', { class: 'quiet mono' }, operator.uid),
      h('span', { class: 'quiet mono', title: operator.id }, shortId(operator.id)),
    ),
    h(
      'ul',
      { class: 'facts' },
      operator.id !== operator.idBefore && h('li', {}, fill(strings.idBefore, operator.idBefore)),
      operator.copiedFrom !== null && h('li', {}, fill(strings.copiedFrom, operator.copiedFrom)),
      differs(parallelism) && h('li', {}, `${strings.parallelism} ${moves(words, parallelism)}`),
      differs(maxParallelism) && h('li', {}, `${strings.maxParallelism} ${moves(words, maxParallelism)}`),
      operator.keyHash !== null && h('li', {}, fill(strings.keyHash, operator.keyHash)),
    ),
    ...operator.rows.map((rows) => rowsSection(words, rows)),
    operator.raw.length > 0 && h('ul', {}, ...operator.raw.map((change) => rawLine(words, change))),
    states.length > 0 && stateTable(words, title, states),
    operator.emptyLists > 0 && h('p', { class: 'quiet' }, fill(strings.emptyLists, count(operator.emptyLists))),
    ...states.flatMap((state) =>
      state.idleSteps.map((place, i) => idleStep(words, state, place, state.idleReasons[i] ?? '')),
    ),
    ...changed.map((state) => sampleTable(words, state)),
    isRescaled && subtasks !== null && subtaskTable(words, subtasks),
    isRescaled && keyGroups !== null && keyGroupSpread(words, keyGroups),
  );
}

/** Bytes that are replaced as a whole. */
export function rawLine(words: PageWords, { what, bytes }: RawChange): HTMLElement {
  const [before, after] = [words.exactBytes(bytes.before), words.exactBytes(bytes.after)];
  return h('li', {}, fill(words.strings.bytesMove, what, before, after));
}

const differs = ({ before, after }: Change<number>): boolean => before !== after;

const moves = ({ strings, count }: PageWords, { before, after }: Change<number>): string =>
  fill(strings.movesTo, count(before), count(after));

function stateTable(words: PageWords, operator: string, states: readonly StateReport[]): HTMLElement {
  const { strings, count } = words;
  const head = (text: string, kind = ''): HTMLElement => h('th', { scope: 'col', class: kind }, text);
  return h(
    'table',
    { class: 'report-table', 'aria-label': fill(strings.statesOf, operator) },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        head(strings.state),
        head(`${strings.entries}, ${strings.before}`, 'number'),
        head(strings.after, 'number'),
        head(strings.changed, 'number'),
      ),
    ),
    h(
      'tbody',
      {},
      ...states.map((state) =>
        h(
          'tr',
          { class: state.to === null || state.changed > 0 || state.to !== state.from ? 'touched' : '' },
          h('th', { scope: 'row' }, nameOf(words, state)),
          h('td', { class: 'number' }, state.entries === null ? '' : count(state.entries.before)),
          h(
            'td',
            { class: 'number' },
            state.entries === null ? '' : `${state.isMost ? '≤ ' : ''}${count(state.entries.after)}`,
          ),
          h('td', { class: 'number' }, state.changed === 0 ? '' : count(state.changed)),
        ),
      ),
    ),
  );
}

/** A step that no entry matched: an expression that was mistyped looks like this. */
function idleStep({ strings }: PageWords, { from }: StateReport, place: string, reason: string): HTMLElement {
  return h(
    'p',
    { class: 'report-idle warning', role: 'note' },
    icon('warning'),
    h('span', {}, fill(strings.idleStep, place, from), reason !== '' && ` ${fill(strings.idleReason, reason)}`),
  );
}

function nameOf({ strings }: PageWords, { from, to }: StateReport): string {
  if (to === null) return fill(strings.stateRemoved, from);
  return to === from ? from : fill(strings.stateRenamed, from, to);
}

function sampleTable(words: PageWords, { from, samples, changed }: StateReport): HTMLElement {
  const { strings, count } = words;
  const value = (text: string | null, kind: string): HTMLElement =>
    text === null
      ? h('td', { class: `quiet ${kind}` }, strings.nothing)
      : h('td', { class: `mono ${kind}`, title: text }, text);
  const title = fill(strings.samplesOf, from);
  return h(
    'div',
    { class: 'report-samples' },
    h('h4', {}, title),
    h(
      'table',
      { class: 'report-table', 'aria-label': title },
      h(
        'thead',
        {},
        h('tr', {}, ...[strings.key, strings.before, strings.after].map((text) => h('th', { scope: 'col' }, text))),
      ),
      h(
        'tbody',
        {},
        ...samples.map(({ key, before, after }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row', class: 'mono', title: key }, key),
            value(before, 'before'),
            value(after, 'after'),
          ),
        ),
      ),
    ),
    changed > samples.length && h('p', { class: 'quiet' }, fill(strings.moreSamples, count(changed - samples.length))),
  );
}
