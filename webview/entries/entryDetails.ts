import type { BytePlace } from '../../src/engine/storage/bytePlaces';
import { fill } from '../../src/view/format';
import { lastPart } from '../../src/view/naming';
import type { EntryDetail, EntryPart } from '../../src/view/shownEntries';
import type { Strings } from '../../src/view/strings';
import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';
import type { EntryView } from '../pageState';
import { button } from '../ui/toolkit';
import { hexView } from './hexView';
import { valueView } from './valueView';

const VIEWS: readonly EntryView[] = ['value', 'json', 'bytes'];

/** The selected entry in full: as a tree, as JSON, as bytes, and where it stands. */
export class EntryDetails {
  readonly element = h('aside', { class: 'side entry-side' });
  private readonly tabs = new Map<EntryView, HTMLElement>();
  private readonly panel = h('div', { role: 'tabpanel', id: 'entry-view', class: 'entry-view' });
  private readonly title = h('h2');
  private readonly facts = h('dl', { class: 'fact-list' });
  private readonly frame: HTMLElement;
  private detail: EntryDetail | null = null;

  constructor(
    private readonly context: PageContext,
    private view: EntryView,
    private readonly events: {
      viewed(view: EntryView): void;
      copy(what: 'cell' | 'row'): void;
      modify(): void;
      /** Escape: back to the table. */
      leave(): void;
    },
  ) {
    const { strings } = context;
    const words: Record<EntryView, string> = {
      value: strings.viewValue,
      json: strings.viewJson,
      bytes: strings.viewBytes,
    };
    for (const view of VIEWS) {
      const tab = h(
        'button',
        { type: 'button', role: 'tab', class: 'tab', 'aria-controls': 'entry-view' },
        words[view],
      );
      tab.addEventListener('click', () => this.choose(view));
      this.tabs.set(view, tab);
    }
    const list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': strings.entryViews }, ...this.tabs.values());
    list.addEventListener('keydown', (event) => this.onTabKey(event));
    this.frame = h(
      'section',
      { class: 'entry-details', 'aria-label': strings.details },
      this.title,
      list,
      this.panel,
      h(
        'div',
        { class: 'buttons' },
        button(strings.copyCell, 'secondary', () => this.events.copy('cell')),
        button(strings.copyRow, 'secondary', () => this.events.copy('row')),
        button(strings.modifyEntry, 'secondary', () => this.events.modify()),
      ),
      this.facts,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.events.leave();
    });
    this.clear();
  }

  clear(): void {
    this.detail = null;
    this.element.replaceChildren(h('p', { class: 'quiet' }, this.context.strings.selectEntry));
  }

  fail(message: string): void {
    this.detail = null;
    this.element.replaceChildren(h('p', { class: 'health-item', role: 'alert' }, message));
  }

  show(detail: EntryDetail, number: number): void {
    const { strings, count } = this.context;
    this.detail = detail;
    this.title.textContent = fill(strings.entry, count(number));
    const fact = (label: string, text: string | null, title?: string): HTMLElement | false =>
      text !== null && h('div', { class: 'fact' }, h('dt', {}, label), h('dd', { class: 'fact-text', title }, text));
    this.facts.replaceChildren();
    for (const line of [
      fact(strings.keyGroup, detail.keyGroup === null ? null : count(detail.keyGroup)),
      fact(strings.subtask, count(detail.subtask)),
      fact(strings.index, detail.index === null ? null : count(detail.index)),
      fact(strings.file, lastPart(detail.file), detail.file),
    ]) {
      if (line !== false) this.facts.append(line);
    }
    this.draw();
    if (this.frame.parentElement !== this.element) this.element.replaceChildren(this.frame);
  }

  focus(): void {
    this.tabs.get(this.view)?.focus();
  }

  private choose(view: EntryView): void {
    this.view = view;
    this.events.viewed(view);
    this.draw();
  }

  private onTabKey(event: KeyboardEvent): void {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    const next = VIEWS[(VIEWS.indexOf(this.view) + step + VIEWS.length) % VIEWS.length];
    if (next !== undefined) this.choose(next);
    this.focus();
  }

  private draw(): void {
    for (const [view, tab] of this.tabs) {
      const isShown = view === this.view;
      setAttributes(tab, { 'aria-selected': String(isShown), tabindex: isShown ? 0 : -1 });
    }
    if (this.detail === null) return;
    this.panel.replaceChildren(...this.content(this.detail));
    this.panel.scrollTop = 0;
  }

  private content(detail: EntryDetail): HTMLElement[] {
    const { strings } = this.context;
    switch (this.view) {
      case 'value':
        return [
          ...timestamp(detail, strings),
          ...detail.parts.map(({ part, node }) => this.section(part, valueView(this.context, node))),
        ];
      case 'json':
        return [
          h('pre', { class: 'mono json', tabindex: 0 }, detail.json.text + (detail.json.cut ? '…' : '')),
          ...(detail.json.cut ? [h('p', { class: 'quiet' }, strings.cutHere)] : []),
        ];
      case 'bytes':
        return detail.parts.map(({ part, bytes, place }) => {
          const size = this.context.exactBytes(bytes.length);
          const more = place === null ? size : `${size} · ${placeText(place, this.context)}`;
          return this.section(part, hexView(this.context, bytes), more);
        });
      default:
        return this.view satisfies never;
    }
  }

  private section(part: EntryPart, content: HTMLElement, more?: string): HTMLElement {
    const { strings } = this.context;
    const words: Record<EntryPart, string> = {
      value: strings.value,
      key: strings.key,
      mapKey: strings.mapKey,
      namespace: strings.namespace,
    };
    return h(
      'div',
      { class: 'entry-part' },
      h('h3', {}, words[part], more !== undefined && h('span', { class: 'quiet' }, ` · ${more}`)),
      content,
    );
  }
}

/** Where bytes are stored, in words. */
function placeText({ file, offset, form, inside }: BytePlace, { strings, count }: PageContext): string {
  const name = lastPart(file);
  if (form === 'rebuilt') return fill(strings.fromBlock, name, count(offset));
  if (inside === null) return fill(strings.atOffset, name, count(offset));
  return fill(strings.insidePacked, name, count(offset), count(inside));
}

function timestamp({ timestamp }: EntryDetail, strings: Strings): HTMLElement[] {
  if (timestamp === null) return [];
  return [
    h(
      'div',
      { class: 'entry-part' },
      h('h3', {}, strings.timestamp),
      h(
        'div',
        { class: 'node leaf' },
        h('span', { class: 'content look-number' }, timestamp.millis),
        h('span', { class: 'quiet hint' }, ` · ${timestamp.instant}`),
      ),
    ),
  ];
}
