import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { EntryCell, StateTarget } from '../../src/view/shownEntries';
import type { NamespaceList } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { Popup } from '../ui/popup';
import { button } from '../ui/toolkit';

/** Windows that are drawn at once; what is typed above finds the others. */
const MOST_DRAWN = 200;

/** The windows of a state, or what else its namespaces are, with how many entries each has: choosing one shows those. */
export class NamespacePicker {
  readonly button: HTMLElement;
  private readonly popup: Popup;
  private readonly status = h('p', { class: 'quiet', role: 'status' });
  private readonly list = h('ul', { role: 'listbox', class: 'namespaces', tabindex: 0 });
  private readonly find: HTMLInputElement;
  private reading: AbortController | null = null;
  private found: NamespaceList | null = null;
  private chosen = 0;

  constructor(
    private readonly context: PageContext,
    private readonly target: StateTarget,
    isWindow: boolean,
    private readonly events: {
      zone(): string;
      /** As a query takes it; null for all. */
      choose(namespace: string | null): void;
    },
  ) {
    const { strings } = context;
    const label = isWindow ? strings.windows : strings.namespaces;
    this.button = button(label, 'secondary', () => this.popup.toggle());
    this.list.setAttribute('aria-label', label);
    this.find = h('input', {
      type: 'text',
      class: 'query-input mono',
      placeholder: strings.filterList,
      'aria-label': strings.filterList,
    });
    this.find.addEventListener('input', () => this.draw());
    this.list.addEventListener('click', (event) => this.onClick(event));
    this.popup = new Popup(
      this.button,
      label,
      {
        fill: () => {
          void this.read();
          return { content: [this.find, this.list, this.status], focus: this.find };
        },
        closed: () => this.stop(),
      },
      'namespace-picker',
    );
    this.find.addEventListener('keydown', (event) => this.onKey(event));
    this.list.addEventListener('keydown', (event) => this.onKey(event));
  }

  stop(): void {
    this.reading?.abort();
    this.reading = null;
  }

  close(): void {
    this.popup.close(false);
  }

  private async read(): Promise<void> {
    this.draw();
    if (this.found?.ended === true || this.reading !== null) return;
    const reading = new AbortController();
    this.reading = reading;
    const take = (list: NamespaceList): void => {
      if (this.reading !== reading) return;
      this.found = list;
      this.draw();
    };
    try {
      const params = { target: this.target, zone: this.events.zone() };
      take(await this.context.host.request('namespaces', params, { signal: reading.signal, onProgress: take }));
    } catch (e) {
      if (this.reading === reading && !isCancelled(e)) this.status.textContent = toProblem(e).message;
    } finally {
      if (this.reading === reading) this.reading = null;
    }
  }

  private get matching(): { namespace: string | null; text: string; rows: number | null }[] {
    const { strings } = this.context;
    const wanted = this.find.value.trim().toLowerCase();
    const all = (this.found?.namespaces ?? []).map(({ namespace, cells, rows }) => ({
      namespace,
      text: cells.map(cellText).join(' – '),
      rows,
    }));
    const matching = wanted === '' ? all : all.filter(({ text }) => text.toLowerCase().includes(wanted));
    return [{ namespace: null, text: strings.allNamespaces, rows: null }, ...matching];
  }

  private draw(): void {
    const { strings, count, share } = this.context;
    const { matching, found } = this;
    this.chosen = Math.min(this.chosen, matching.length - 1);
    this.list.replaceChildren(
      ...matching.slice(0, MOST_DRAWN).map(({ text, rows }, i) =>
        h(
          'li',
          { role: 'option', id: `namespace-${i}`, 'aria-selected': String(i === this.chosen) },
          // The text of a cell comes as it may be shown.
          h('span', { class: 'mono' }, document.createTextNode(text)),
          rows !== null && h('span', { class: 'quiet number' }, count(rows)),
        ),
      ),
    );
    this.list.setAttribute('aria-activedescendant', `namespace-${this.chosen}`);
    if (found === null) this.status.textContent = `${strings.readingEntries}…`;
    else if (!found.ended) this.status.textContent = fill(strings.findSoFar, count(found.total), share(found.done, 1));
    else this.status.textContent = fill(strings.ofMax, count(matching.length - 1), count(found.total));
  }

  private take(index: number): void {
    const one = this.matching[index];
    if (one === undefined) return;
    this.popup.close();
    this.events.choose(one.namespace);
  }

  private onClick(event: MouseEvent): void {
    const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
    if (option !== null) this.take([...this.list.children].indexOf(option));
  }

  private onKey(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (event.key === 'Enter') this.take(this.chosen);
    else if (step !== undefined) {
      const last = Math.min(this.matching.length, MOST_DRAWN) - 1;
      this.chosen = Math.max(0, Math.min(this.chosen + step, last));
      this.draw();
      this.list.children[this.chosen]?.scrollIntoView({ block: 'nearest' });
    } else return;
    event.preventDefault();
  }
}

/** A window's bounds are instants to people; the numbers stand beside them in the grid. */
const cellText = ({ text, hint, look }: EntryCell): string => (look === 'number' && hint !== null ? hint : text);
