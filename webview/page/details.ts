import type { OperatorDescription, StateDescription } from '../../src/engine/description';
import { spellType, type TypeInfo } from '../../src/engine/types/typeInfo';
import { fill } from '../../src/view/format';
import { givenText, isNameable, placeText } from '../../src/view/givenNames';
import { operatorTitle } from '../../src/view/naming';
import type { PageContext } from '../context';
import { h } from '../dom';
import type { Row, StateRow } from '../model/rows';
import { icon } from '../ui/icons';
import { button, iconButton } from '../ui/toolkit';
import { copyButton } from './copyButton';

/** Everything about the selected row in full, with what is needed elsewhere ready to copy. */
export function details(
  context: PageContext,
  row: Row,
  events: { close(): void; showEntries(row: StateRow): void },
): HTMLElement {
  const { strings } = context;
  const element = h(
    'section',
    { class: 'details', 'aria-label': strings.details },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, strings.details),
      h('span', { class: 'grow' }),
      iconButton(strings.closeDetails, icon('close'), () => events.close()),
    ),
  );
  switch (row.kind) {
    case 'operator':
      element.append(...operatorDetails(context, row.operator));
      break;
    case 'state':
      element.append(
        ...stateDetails(
          context,
          row.state,
          row.operator,
          button(strings.showEntries, 'primary', () => events.showEntries(row)),
        ),
      );
      break;
    case 'part':
      element.append(
        title(context, row.label, strings.name),
        list(
          fact(context, strings.type, row.spelled, { mono: true, copy: true, wide: true }),
          ...typeFacts(context, row.type),
          fact(context, strings.state, row.state.name, {}),
          fact(context, strings.operator, operatorTitle(row.operator), {}),
        ),
      );
      break;
    case 'line':
      element.append(
        h('h3', {}, row.label),
        h('p', { class: 'quiet' }, row.hint),
        list(
          fact(context, strings.size, sizeText(context, row.bytes), {}),
          fact(context, strings.operator, operatorTitle(row.operator), {}),
        ),
      );
      break;
    default:
      row satisfies never;
  }
  return element;
}

function operatorDetails(context: PageContext, operator: OperatorDescription): HTMLElement[] {
  const { strings, count } = context;
  const found: (HTMLElement | null)[] = [
    title(context, operatorTitle(operator), strings.name),
    list(
      operator.uid === null
        ? fact(context, strings.uid, '—', { title: strings.noUidHint })
        : fact(context, strings.uid, operator.uid, { mono: true, copy: true }),
      givenFact(context, operator),
      fact(context, strings.operatorId, operator.id, { mono: true, copy: true, wide: true }),
      fact(context, strings.parallelism, count(operator.parallelism), {}),
      fact(context, strings.maxParallelism, count(operator.maxParallelism), {}),
      fact(
        context,
        strings.subtasks,
        fill(strings.subtasksWithState, count(operator.subtasks), count(operator.parallelism)),
        {},
      ),
      operator.keyType === null
        ? null
        : fact(context, strings.keyType, operator.keyType, { mono: true, copy: true, wide: true }),
      fact(context, strings.size, sizeText(context, operator.bytes), {}),
    ),
    subtaskChart(context, operator),
  ];
  return found.filter((element) => element !== null);
}

/** Where the name of an operator stands that the snapshot knows by its hash, and the way to another name. */
function givenFact({ strings, host }: PageContext, operator: OperatorDescription): HTMLElement | null {
  if (!isNameable(operator)) return null;
  const { id, given } = operator;
  const place = given === undefined ? null : placeText(given);
  const text = givenText(operator, strings);
  const link = (label: string, method: 'openSource' | 'nameOperator', hint?: string): HTMLElement => {
    const element = h('button', { type: 'button', class: 'link', title: hint }, label);
    element.addEventListener('click', () => void host.request(method, { operator: id }));
    return element;
  };
  return h(
    'div',
    { class: 'fact wide given' },
    h('dt', {}, text === null ? strings.name : strings.namedBy),
    h(
      'dd',
      {},
      place !== null && link(text ?? place, 'openSource', given?.place?.path),
      place === null && text !== null && h('span', {}, text),
      link(strings.nameOperator, 'nameOperator'),
    ),
  );
}

function stateDetails(
  context: PageContext,
  state: StateDescription,
  operator: OperatorDescription,
  showEntries: HTMLElement,
): HTMLElement[] {
  const { strings, count } = context;
  const kind = h(
    'span',
    { class: 'badges' },
    h('span', { class: 'tag' }, strings.stateKinds[state.kind]),
    state.ttl && h('span', { class: 'tag' }, strings.ttl),
  );
  const notice = state.readable
    ? null
    : h(
        'p',
        { class: 'health-item info' },
        icon('info'),
        h('span', {}, h('span', { class: 'strong' }, strings.notReadable), state.why === null ? '' : `: ${state.why}`),
      );
  const found: (HTMLElement | null)[] = [
    title(context, state.name, strings.name, kind),
    h('div', { class: 'buttons' }, showEntries),
    notice,
    list(
      state.keyType === null
        ? null
        : fact(context, strings.keyType, state.keyType, { mono: true, copy: true, wide: true }),
      state.namespaceType === null
        ? null
        : fact(context, strings.namespaceType, state.namespaceType, { mono: true, copy: true, wide: true }),
      fact(context, strings.valueType, state.type, { mono: true, copy: true, wide: true, shown: typeInLines(state) }),
      ...typeFacts(context, state.typeInfo),
      fact(context, strings.backend, strings.backends[state.backend], {}),
      fact(context, strings.size, state.bytes === null ? strings.unknownBytes : sizeText(context, state.bytes), {}),
      state.entries === null ? null : fact(context, strings.entries, count(state.entries), {}),
      fact(context, strings.subtasks, fill(strings.inSubtasks, count(state.subtasks), count(operator.parallelism)), {}),
      fact(context, strings.operator, operatorTitle(operator), {}),
    ),
  ];
  return found.filter((element) => element !== null);
}

function typeFacts(context: PageContext, type: TypeInfo | null): (HTMLElement | null)[] {
  if (type === null) return [];
  const { strings } = context;
  return [
    type.className === undefined
      ? null
      : fact(context, strings.javaClass, type.className, { mono: true, copy: true, wide: true }),
    fact(context, strings.serializer, type.serializer, { mono: true, copy: true, wide: true }),
  ];
}

/** The type with its fields one a line, in the order of the bytes; null where it has none. */
function typeInLines({ typeInfo }: StateDescription): Node[] | null {
  const { fields } = typeInfo;
  if (fields === undefined || fields.length === 0) return null;
  const { fields: _, ...head } = typeInfo;
  return [
    document.createTextNode(spellType(head)),
    ...fields.map((field) =>
      h('span', { class: 'field' }, h('span', { class: 'field-name' }, field.name), `: ${spellType(field.type)}`),
    ),
  ];
}

function title(context: PageContext, text: string, what: string, more?: HTMLElement): HTMLElement {
  return h('div', { class: 'details-title' }, h('h3', {}, text), more ?? null, copyButton(context, what, text));
}

const sizeText = (context: PageContext, bytes: number): string =>
  bytes < 1000 ? context.exactBytes(bytes) : `${context.bytes(bytes)} (${context.exactBytes(bytes)})`;

interface FactLook {
  mono?: boolean;
  copy?: boolean;
  title?: string;
  /** The label above, not beside. */
  wide?: boolean;
  /** What is seen, where it is not the text that is copied. */
  shown?: Node[] | null;
}

function fact(context: PageContext, label: string, text: string, look: FactLook): HTMLElement {
  const { mono, copy, title, wide, shown } = look;
  return h(
    'div',
    { class: wide === true ? 'fact wide' : 'fact' },
    h('dt', {}, label),
    h(
      'dd',
      { class: mono === true ? 'mono' : undefined, title },
      h('span', { class: 'fact-text' }, ...(shown ?? [text])),
      copy === true ? copyButton(context, label, text) : null,
    ),
  );
}

function list(...facts: (HTMLElement | null)[]): HTMLElement {
  return h('dl', { class: 'fact-list' }, ...facts);
}

/** More lines than these are a wall; the largest tell what there is to tell. */
const MOST_SUBTASKS = 16;

function subtaskChart(context: PageContext, operator: OperatorDescription): HTMLElement | null {
  const { strings, count } = context;
  const subtasks = operator.subtaskBytes;
  if (subtasks.length < 2) return null;
  const shown =
    subtasks.length <= MOST_SUBTASKS
      ? subtasks
      : [...subtasks].sort((a, b) => b.bytes - a.bytes).slice(0, MOST_SUBTASKS);
  const largest = shown.reduce((most, subtask) => Math.max(most, subtask.bytes), 1);
  return h(
    'div',
    { class: 'subtasks' },
    h('h2', {}, strings.columnSubtasks),
    ...shown.map(({ subtask, bytes }) => {
      const filled = h('span', { class: 'filled' });
      filled.style.width = bytes === 0 ? '0' : `max(2px, ${(100 * bytes) / largest}%)`;
      return h(
        'div',
        { class: 'subtask', title: context.exactBytes(bytes) },
        h('span', { class: 'number' }, count(subtask)),
        h('span', { class: 'bar' }, filled),
        h('span', { class: 'amount' }, context.bytes(bytes)),
      );
    }),
    subtasks.length > shown.length &&
      h('p', { class: 'quiet' }, fill(strings.moreOperators, count(subtasks.length - shown.length))),
  );
}
