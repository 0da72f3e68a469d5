import type { Problem } from '../../src/engine/description';
import { type ErrorAction, type ErrorText, problemDetails } from '../../src/view/explain';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button } from '../ui/toolkit';

/** A page of its own for a snapshot that cannot be shown: what happened, where, what to do, and the buttons for it. */
export function errorPage(context: PageContext, problem: Problem, text: ErrorText, retry: () => void): HTMLElement {
  const { strings, count } = context;
  const fact = (label: string, value: string | null): HTMLElement | null =>
    value === null
      ? null
      : h(
          'div',
          { class: 'fact' },
          h('dt', {}, label),
          h('dd', { class: 'mono' }, h('span', { class: 'fact-text' }, value)),
        );
  const cancelled = problem.code === 'CANCELLED';
  return h(
    'main',
    { class: 'failure' },
    h('div', { class: `failure-icon ${cancelled ? 'info' : 'error'}` }, icon(cancelled ? 'info' : 'error')),
    h('h1', { tabindex: -1 }, text.title),
    cancelled ? null : h('p', { class: 'message' }, text.message),
    h('h2', {}, strings.whatToDo),
    h('p', {}, text.advice),
    h(
      'div',
      { class: 'buttons' },
      ...text.actions.map((action, i) => actionButton(context, action, i, problem, retry)),
    ),
    h(
      'dl',
      { class: 'fact-list' },
      fact(strings.file, problem.file),
      fact(
        strings.offset,
        problem.offset === null ? null : `${count(problem.offset)} (0x${problem.offset.toString(16)})`,
      ),
      fact(strings.where, problem.where),
      cancelled ? null : fact(strings.code, problem.code),
    ),
  );
}

function actionButton(
  context: PageContext,
  action: ErrorAction,
  index: number,
  problem: Problem,
  retry: () => void,
): HTMLElement {
  const { strings, host } = context;
  const look = index === 0 ? 'primary' : 'secondary';
  switch (action) {
    case 'retry':
      return button(strings.reload, look, retry);
    case 'copyDetails':
      return button(strings.copyDetails, look, () => context.copy(problemDetails(problem)));
    case 'openWith':
      return button(strings.openWith, look, () => void host.request('act', { action }));
    case 'openOther':
      return button(strings.openOther, look, () => void host.request('act', { action }));
    case 'showLogs':
      return button(strings.showLogs, look, () => void host.request('act', { action }));
    case 'reportIssue':
      return button(strings.reportIssue, look, () => void host.request('act', { action }));
    default:
      return action satisfies never;
  }
}
