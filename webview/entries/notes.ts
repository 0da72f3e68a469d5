import type { Problem } from '../../src/engine/description';
import { problemDetails } from '../../src/view/explain';
import { fill } from '../../src/view/format';
import type { RowScan } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button } from '../ui/toolkit';
import type { Question } from './queryBar';

/** What the page of a state says where there are no rows, or not all of them. */

export function stopped({ strings }: PageContext, goOn: () => void): HTMLElement[] {
  return [h('p', {}, strings.stopped), button(strings.goOn, 'secondary', goOn)];
}

export function whyEmpty(
  { strings, count }: PageContext,
  { keyGroup, misfit }: RowScan,
  { key, namespace, mapKey, filter }: Question,
): HTMLElement[] {
  const why = (): string => {
    if (key !== null) return filter === null ? strings.noKey : strings.noKeyMatch;
    if (filter !== null) return strings.noMatch;
    return namespace === null && mapKey === null ? strings.noEntries : strings.noneThere;
  };
  const lines = [h('p', {}, why())];
  if (misfit !== null) lines.push(h('p', { class: 'quiet' }, fill(strings.filterMisfit, misfit)));
  if (key !== null && keyGroup !== null) {
    lines.push(h('p', { class: 'quiet' }, fill(strings.onlyKeyGroup, count(keyGroup))));
  }
  return lines;
}

/** State that is missing from the table because it cannot be read. */
export function unreadState({ strings, count }: PageContext, { problems, moreProblems }: RowScan): HTMLElement[] {
  if (problems.length === 0) return [];
  const lines = problems.map((p) => h('li', {}, [p.where, p.message].filter((part) => part !== null).join(': ')));
  if (moreProblems > 0) lines.push(h('li', { class: 'quiet' }, fill(strings.moreOperators, count(moreProblems))));
  return [
    h(
      'div',
      { class: 'health-item warning entries-unread', role: 'alert' },
      icon('warning'),
      h('div', {}, h('div', { class: 'strong' }, strings.entriesUnread), h('ul', {}, ...lines)),
    ),
  ];
}

/** Why nothing could be read, and ways on. */
export function failure(context: PageContext, problem: Problem, again: () => void): HTMLElement[] {
  const { strings, host } = context;
  const { message, hint, file } = problem;
  return [
    h(
      'div',
      { class: 'health-item error', role: 'alert' },
      icon('error'),
      h(
        'div',
        {},
        h('p', {}, message),
        hint !== null && h('p', { class: 'quiet' }, hint),
        file !== null && h('p', { class: 'quiet mono' }, file),
      ),
    ),
    h(
      'div',
      { class: 'buttons' },
      button(strings.reload, 'primary', again),
      button(strings.copyDetails, 'secondary', () => context.copy(problemDetails(problem))),
      button(strings.showLogs, 'secondary', () => void host.request('act', { action: 'showLogs' })),
    ),
  ];
}
