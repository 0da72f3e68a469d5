import type { Problem } from '../../src/engine/description';
import { type ErrorAction, type ErrorText, problemDetails } from '../../src/view/explain';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button } from '../ui/toolkit';

/** What the page does not do by itself. */
export type OtherAction = Exclude<ErrorAction, 'retry' | 'copyDetails'>;

/** A page of its own for a snapshot that cannot be shown: what happened, where, what to do, and the buttons for it. */
export function errorPage(
  context: PageWords,
  problem: Problem,
  text: ErrorText,
  does: { retry(): void; act(action: OtherAction): void },
): HTMLElement {
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
    h('div', { class: 'buttons' }, ...text.actions.map((action, i) => actionButton(context, action, i, problem, does))),
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
  context: PageWords,
  action: ErrorAction,
  index: number,
  problem: Problem,
  { retry, act }: { retry(): void; act(action: OtherAction): void },
): HTMLElement {
  const { strings } = context;
  const look = index === 0 ? 'primary' : 'secondary';
  switch (action) {
    case 'retry':
      return button(strings.reload, look, retry);
    case 'copyDetails':
      return button(strings.copyDetails, look, () => context.copy(problemDetails(problem)));
    case 'openWith':
      return button(strings.openWith, look, () => act(action));
    case 'openOther':
      return button(strings.openOther, look, () => act(action));
    case 'showLogs':
      return button(strings.showLogs, look, () => act(action));
    case 'reportIssue':
      return button(strings.reportIssue, look, () => act(action));
    default:
      return action satisfies never;
  }
}
