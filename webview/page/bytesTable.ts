import type { PageContext } from '../context';
import { h } from '../dom';
import type { Area } from '../model/byteAreas';

/** The areas of the picture as a table. */
export function bytesTable(
  context: PageContext,
  areas: readonly Area[],
  total: number,
  follow: (area: Area) => void,
): HTMLElement {
  const { strings } = context;
  const row = (area: Area, kind: string): HTMLElement => {
    const name =
      area.leads === null ? h('span', {}, area.label) : h('button', { type: 'button', class: 'link' }, area.label);
    name.addEventListener('click', () => follow(area));
    return h(
      'tr',
      { class: kind, title: area.hint ?? undefined },
      h('th', { scope: 'row' }, name, area.isBad && h('span', { class: 'quiet' }, ` ${area.hint ?? ''}`)),
      h('td', { class: 'number', title: context.exactBytes(area.shownBytes) }, context.bytes(area.shownBytes)),
      h('td', { class: 'number' }, context.share(area.bytes, total)),
    );
  };
  return h(
    'table',
    { class: 'plain-table', 'aria-label': strings.whereBytesAre },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, strings.name),
        h('th', { scope: 'col', class: 'number' }, strings.columnBytes),
        h('th', { scope: 'col', class: 'number' }, strings.shareOf),
      ),
    ),
    h('tbody', {}, ...areas.flatMap((area) => [row(area, 'whole'), ...area.parts.map((part) => row(part, 'part'))])),
  );
}
