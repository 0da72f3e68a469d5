import type { OperatorDescription, StateDescription } from '../../src/engine/description';
import { operatorTitle } from '../../src/view/naming';
import { spellState } from '../../src/view/spellState';
import type { PageContext } from '../context';
import { h } from '../dom';
import { copyButton } from '../page/copyButton';
import { button } from '../ui/toolkit';

export interface StatePlace {
  snapshotName: string;
  operator: OperatorDescription;
  state: StateDescription;
}

/** Where the state is, each step a way back; its kind, and its type in full. */
export function stateHeader(
  context: PageContext,
  { snapshotName, operator, state }: StatePlace,
  back: (to: 'state' | 'operator') => void,
  /** Buttons of the table, before those of the page. */
  buttons: HTMLElement[],
  events: { find(): void; exportRows(): void },
): HTMLElement {
  const { strings } = context;
  const kindHint = strings.kindHints[state.kind];
  const link = (text: string, press: () => void): HTMLElement => {
    const element = h('button', { type: 'button', class: 'link crumb', title: text }, text);
    element.addEventListener('click', press);
    return element;
  };
  const type = spellState(state);
  const separator = (): HTMLElement => h('span', { class: 'quiet separator', 'aria-hidden': 'true' }, '›');
  return h(
    'header',
    { class: 'header' },
    h(
      'div',
      { class: 'title-line' },
      h(
        'div',
        { class: 'title crumbs' },
        h(
          'nav',
          { 'aria-label': strings.placeOfState },
          link(snapshotName, () => back('state')),
          separator(),
          link(operatorTitle(operator), () => back('operator')),
          separator(),
        ),
        h('h1', { tabindex: -1, title: state.name }, state.name),
        h('span', { class: 'tag', title: kindHint }, strings.stateKinds[state.kind]),
        state.ttl && h('span', { class: 'tag' }, strings.ttl),
      ),
      h(
        'div',
        { class: 'title-buttons' },
        ...buttons,
        button(strings.findButton, 'secondary', () => events.find()),
        button(strings.exportRows, 'secondary', () => events.exportRows()),
        button(strings.back, 'secondary', () => back('state')),
      ),
    ),
    h(
      'div',
      { class: 'folder state-type' },
      h('span', { class: 'path mono', title: type }, type),
      copyButton(context, strings.type, type),
      kindHint !== '' && h('span', { class: 'kind-hint' }, kindHint),
    ),
  );
}
