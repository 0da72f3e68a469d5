import type { BytePlace } from '../../../src/engine/storage/bytePlaces';
import { fill } from '../../../src/view/format';
import { lastPart } from '../../../src/view/naming';
import type { EntryDetail, EntryPart, ShownPart, ValueNode } from '../../../src/view/shownEntries';
import type { PageContext } from '../../context';
import { h, setAttributes } from '../../dom';
import type { EntryView } from '../../pageState';
import { button } from '../../ui/toolkit';
import { HexView } from './hexView';
import { ValueTree } from './valueTree';

const VIEWS: readonly EntryView[] = ['value', 'json', 'bytes', 'states'];

interface PaneEvents {
  viewed(view: EntryView): void;
  copy(what: 'cell' | 'row'): void;
  modify(): void;
  /** The entry in an editor of its own. */
  open(as: 'json' | 'text' | 'hex'): void;
  openBytes(place: BytePlace): void;
  /** Of values that only these classes of the job can read. */
  chooseDecoder(classes: string[]): void;
  /** Escape: back to the table. */
  leave(): void;
  /** Everything under the key of the entry that is shown; null where it has none. */
  states(): HTMLElement | null;
}

/** The selected entry in full: as a tree beside its bytes, as JSON, as bytes, and what else its key has. */
export class DetailPane {
  readonly element = h('aside', { class: 'side entry-side' });
  private readonly tabs = new Map<EntryView, HTMLElement>();
  private readonly panel = h('div', { role: 'tabpanel', id: 'entry-view', class: 'entry-view' });
  private readonly title = h('h2');
  private readonly facts = h('dl', { class: 'fact-list' });
  private readonly frame: HTMLElement;
  private hexes: HexView[] = [];
  private detail: EntryDetail | null = null;

  constructor(
    private readonly context: PageContext,
    private view: EntryView,
    isKeyed: boolean,
    private readonly events: PaneEvents,
  ) {
    const { strings } = context;
    const words: Record<EntryView, string> = {
      value: strings.viewValue,
      json: strings.viewJson,
      bytes: strings.viewBytes,
      states: strings.viewStates,
    };
    for (const view of VIEWS) {
      if (view === 'states' && !isKeyed) continue;
      const tab = h(
        'button',
        { type: 'button', role: 'tab', id: `tab-${view}`, class: 'tab', 'aria-controls': 'entry-view' },
        words[view],
      );
      tab.addEventListener('click', () => this.choose(view));
      this.tabs.set(view, tab);
    }
    if (!this.tabs.has(view)) this.view = 'value';
    const list = h('div', { role: 'tablist', class: 'tabs', 'aria-label': strings.entryViews }, ...this.tabs.values());
    list.addEventListener('keydown', (event) => this.onTabKey(event));
    this.frame = h(
      'section',
      { class: 'entry-details', 'aria-label': strings.details },
      this.title,
      list,
      this.panel,
      this.facts,
      h(
        'div',
        { class: 'buttons' },
        button(strings.copyRow, 'secondary', () => this.events.copy('row')),
        button(strings.modifyEntry, 'secondary', () => this.events.modify()),
      ),
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.events.leave();
    });
    this.clear();
  }

  stop(): void {
    for (const hex of this.hexes) hex.stop();
    this.hexes = [];
  }

  clear(): void {
    this.stop();
    this.detail = null;
    this.element.replaceChildren(h('p', { class: 'quiet' }, this.context.strings.selectEntry));
  }

  fail(message: string): void {
    this.stop();
    this.detail = null;
    this.element.replaceChildren(h('p', { class: 'health-item', role: 'alert' }, message));
  }

  show(detail: EntryDetail, title: string): void {
    const { strings, count } = this.context;
    this.detail = detail;
    this.title.textContent = title;
    const serializer = detail.parts[0]?.serializer ?? null;
    const lines: [string, string | null, (string | undefined)?][] = [
      [strings.keyGroup, detail.keyGroup === null ? null : count(detail.keyGroup)],
      [strings.subtask, count(detail.subtask)],
      [strings.index, detail.index === null ? null : count(detail.index)],
      [strings.serializer, serializer === null ? null : lastClass(serializer), serializer ?? undefined],
      [strings.file, lastPart(detail.file), detail.file],
    ];
    this.facts.replaceChildren(
      ...lines.flatMap(([label, text, title]) =>
        text === null
          ? []
          : [h('div', { class: 'fact' }, h('dt', {}, label), h('dd', { class: 'fact-text', title }, breakable(text)))],
      ),
    );
    this.draw();
    if (this.frame.parentElement !== this.element) this.element.replaceChildren(this.frame);
  }

  /** The tab with everything under a key, whichever entry is selected. */
  showStates(): void {
    if (!this.tabs.has('states')) return;
    this.choose('states');
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
    const views = [...this.tabs.keys()];
    const next = views[(views.indexOf(this.view) + step + views.length) % views.length];
    if (next !== undefined) this.choose(next);
    this.focus();
  }

  private draw(): void {
    for (const [view, tab] of this.tabs) {
      const isShown = view === this.view;
      setAttributes(tab, { 'aria-selected': String(isShown), tabindex: isShown ? 0 : -1 });
    }
    this.panel.setAttribute('aria-labelledby', `tab-${this.view}`);
    this.stop();
    const isOfEntry = this.view !== 'states';
    this.facts.hidden = !isOfEntry || this.detail === null;
    if (isOfEntry && this.detail === null) this.panel.replaceChildren();
    else this.panel.replaceChildren(...this.content(this.detail));
    this.panel.scrollTop = 0;
  }

  private content(detail: EntryDetail | null): Node[] {
    const { strings } = this.context;
    if (this.view === 'states' || detail === null) {
      const states = this.events.states();
      return states === null ? [] : [states];
    }
    switch (this.view) {
      case 'value':
        return [...this.timestamp(detail), ...detail.parts.flatMap((part) => this.valueSection(part))];
      case 'json':
        return [
          h('pre', { class: 'mono json', tabindex: 0 }, detail.json.text + (detail.json.cut ? '…' : '')),
          ...(detail.json.cut ? [h('p', { class: 'quiet' }, strings.cutHere)] : []),
          this.links([[strings.openInEditor, () => this.events.open('json')]]),
        ];
      case 'bytes':
        return [
          ...detail.parts.flatMap((part) => this.bytesSection(part)),
          this.links([[strings.openInEditor, () => this.events.open('hex')]]),
        ];
      default:
        return this.view satisfies never;
    }
  }

  /** A part as a tree, and its bytes below: what is pointed at in one is marked in the other. */
  private valueSection(part: ShownPart): HTMLElement[] {
    const { strings } = this.context;
    const tree: ValueTree = new ValueTree(this.context, part.node, this.partName(part.part), {
      pointed: (bytes) => view?.mark(bytes),
    });
    const view = part.bytes.length > 0 ? this.hex(part, tree) : null;
    const cut = part.part === 'value' && hasCut(part);
    const classes = [...new Set(jobsClassesOf(part.node))];
    return [
      h(
        'div',
        { class: 'entry-part' },
        this.partHead(part, part.node.type),
        tree.element,
        classes.length > 0 && this.links([[strings.chooseDecoder, () => this.events.chooseDecoder(classes)]]),
        cut && this.links([[strings.openTextInEditor, () => this.events.open('text')]]),
        view?.element,
      ),
    ];
  }

  private bytesSection(part: ShownPart): HTMLElement[] {
    const { strings } = this.context;
    const { place, bytes } = part;
    const tree = new ValueTree(this.context, part.node, this.partName(part.part), { pointed: () => {} });
    return [
      h(
        'div',
        { class: 'entry-part' },
        this.partHead(part, this.context.exactBytes(bytes.length)),
        place !== null && h('p', { class: 'quiet place' }, placeText(place, this.context)),
        this.hex(part, tree).element,
        place !== null &&
          place.form !== 'rebuilt' &&
          this.links([[strings.openInHexEditor, () => this.events.openBytes(place)]]),
      ),
    ];
  }

  private hex(part: ShownPart, tree: ValueTree): HexView {
    const { strings } = this.context;
    const view = new HexView(
      this.context,
      part.bytes,
      fill(strings.bytesOf, this.partName(part.part)),
      {
        pointed: (byte) => {
          const field = tree.markByte(byte);
          if (field === null) return null;
          const text = [field.path, field.type].filter((word) => word !== null && word !== '').join(': ');
          return { text, bytes: field.bytes };
        },
      },
      this.element.clientWidth,
    );
    this.hexes.push(view);
    return view;
  }

  private partName(part: EntryPart): string {
    const { strings } = this.context;
    const words: Record<EntryPart, string> = {
      value: strings.value,
      key: strings.key,
      mapKey: strings.mapKey,
      namespace: strings.namespace,
    };
    return words[part];
  }

  private partHead({ part, serializer }: ShownPart, more: string | null): HTMLElement {
    return h(
      'h3',
      { title: serializer ?? undefined },
      this.partName(part),
      more !== null && h('span', { class: 'quiet' }, ` · ${more}`),
    );
  }

  private links(actions: [string, () => void][]): HTMLElement {
    return h(
      'p',
      { class: 'links' },
      ...actions.map(([label, act]) => {
        const link = h('button', { type: 'button', class: 'link' }, label);
        link.addEventListener('click', act);
        return link;
      }),
    );
  }

  private timestamp({ timestamp }: EntryDetail): HTMLElement[] {
    if (timestamp === null) return [];
    return [
      h(
        'div',
        { class: 'entry-part' },
        h('h3', {}, this.context.strings.timestamp),
        h(
          'div',
          { class: 'node leaf' },
          h('span', { class: 'content look-number' }, timestamp.millis),
          ' ',
          h('span', { class: 'quiet hint' }, `· ${timestamp.instant}`),
        ),
      ),
    ];
  }
}

const hasCut = ({ node }: ShownPart): boolean => node.cut || node.more > 0 || node.children.some((child) => child.cut);

const lastClass = (name: string): string => name.split('.').at(-1) ?? name;

/** A name that is broken, where it must be, behind its dots and dollars. */
const breakable = (name: string): HTMLElement =>
  h('span', {}, ...name.split(/(?<=[.$])/u).flatMap((part, i) => (i === 0 ? [part] : [h('wbr'), part])));

/** Where bytes are stored, in words. */
function placeText({ file, offset, form, inside }: BytePlace, { strings, count }: PageContext): string {
  const name = lastPart(file);
  if (form === 'rebuilt') return fill(strings.fromBlock, name, count(offset));
  if (inside === null) return fill(strings.atOffset, name, count(offset));
  return fill(strings.insidePacked, name, count(offset), count(inside));
}

/** Classes whose values in it a person may choose how to read. */
function jobsClassesOf({ undecoded = [], chosenFor, children }: ValueNode): string[] {
  return [...undecoded, ...(chosenFor === undefined ? [] : [chosenFor]), ...children.flatMap(jobsClassesOf)];
}
