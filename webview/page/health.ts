import type { WriteRecord } from '../../src/engine/write/writeRecord';
import type { LoadedSnapshot, RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h, spoken } from '../dom';
import { type HealthItem, healthOf } from '../model/health';
import { icon } from '../ui/icons';
import { proofLines } from './proof';

/** A damaged snapshot can have a fault in each of a thousand files; the worst stand first. */
const MOST_ITEMS = 60;

export function health(
  context: PageContext,
  { snapshot, record }: Pick<LoadedSnapshot, 'snapshot' | 'record'>,
  reveal: (target: RowTarget) => void,
): HTMLElement {
  const { strings, count } = context;
  const items = healthOf(snapshot, strings, context.settings.locale);
  return h(
    'section',
    { class: 'health' },
    h('h2', {}, strings.health),
    h(
      'ul',
      {},
      record !== null && written(context, record),
      ...items.slice(0, MOST_ITEMS).map((item) => line(context, item, reveal)),
    ),
    items.length > MOST_ITEMS &&
      h('p', { class: 'quiet' }, fill(strings.moreOperators, count(items.length - MOST_ITEMS))),
  );
}

/** Who made the snapshot, and what was proved of it. */
function written(context: PageContext, record: WriteRecord): HTMLElement {
  const { strings, host } = context;
  const show = h('button', { type: 'button', class: 'link' }, strings.showItsPlan);
  show.addEventListener('click', () => void host.request('act', { action: 'showPlan' }));
  const isProved = record.proof !== null;
  return h(
    'li',
    { class: `health-item written ${isProved ? 'ok' : 'warning'}` },
    icon(isProved ? 'check' : 'warning'),
    h(
      'div',
      {},
      spoken(`${isProved ? strings.severityOk : strings.severityWarning}: `),
      h('span', {}, isProved ? fill(strings.provedBy, record.program) : fill(strings.notProvedBy, record.program)),
      record.proof !== null && h('ul', { class: 'proof quiet' }, ...proofLines(context, record.proof)),
      record.from !== null &&
        h('div', { class: 'quiet place', title: record.from }, fill(strings.madeFrom, record.from)),
      show,
    ),
  );
}

function line({ strings, count }: PageContext, item: HealthItem, reveal: (target: RowTarget) => void): HTMLElement {
  const words = {
    error: strings.severityError,
    warning: strings.severityWarning,
    info: strings.severityInfo,
    ok: strings.severityOk,
  };
  const { target } = item;
  const place =
    item.file === null
      ? null
      : item.offset === null
        ? item.file
        : fill(strings.atOffset, item.file, count(item.offset));
  const show = h('button', { type: 'button', class: 'link' }, item.place ?? '');
  if (target !== null) show.addEventListener('click', () => reveal(target));
  return h(
    'li',
    { class: `health-item ${item.severity}` },
    icon(item.severity === 'ok' ? 'check' : item.severity),
    h(
      'div',
      {},
      spoken(`${words[item.severity]}: `),
      h('span', {}, item.text),
      item.hint !== null && h('div', { class: 'quiet' }, item.hint),
      place !== null && h('div', { class: 'quiet mono place', title: place }, place),
      target !== null ? show : item.place !== null && h('div', { class: 'quiet' }, item.place),
    ),
  );
}
