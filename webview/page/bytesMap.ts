import type { SnapshotDescription } from '../../src/engine/description';
import type { RowTarget } from '../../src/protocol';
import { fill } from '../../src/view/format';
import type { ShownStats } from '../../src/view/shownStats';
import type { PageContext } from '../context';
import { h, setAttributes, spoken } from '../dom';
import { type Area, fileAreas, operatorAreas } from '../model/byteAreas';
import { type Box, type Direction, neighbour, squarify } from '../model/treemap';
import { icon } from '../ui/icons';
import { bytesTable } from './bytesTable';

/** What is divided, and how it is shown. */
export interface BytesView {
  of: 'operators' | 'files';
  asTable: boolean;
}

/** Line with the name of an operator, above its states. */
const HEAD = 20;
/** An operator with less room shows no states. */
const ROOM_FOR_PARTS = { width: 40, height: 46 };
/** Between areas. */
const GAP = 2;
/** With less room there is no text. */
const ROOM_FOR_TEXT = { width: 34, height: 18 };
const ROOM_FOR_SIZE = 38;
/** Or beside the name. */
const WIDTH_FOR_SIZE = 110;
/** What a size takes: a cut one would be another. */
const widthOf = (size: string): number => 14 + 7.5 * size.length;
const ROOM_FOR_NOTE = 56;
/** Colours, which tell neighbours apart and mean nothing. */
const TONES = 5;

const ARROWS: Record<string, Direction> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };

interface Drawn {
  element: HTMLElement;
  /** Where an arrow key finds it: of an operator the line with its name. */
  box: Box;
}

/**
 * Where the bytes are: operators with their states, or files, as areas to scale. A toolbar: one stop for Tab, arrows go to what
 * lies on that side. The same as a table is one press away.
 */
export class BytesMap {
  readonly element: HTMLElement;
  private readonly map: HTMLElement;
  private readonly table = h('div', { class: 'bytes-table' });
  private readonly presses = new Map<string, HTMLElement>();
  private readonly resizes = new ResizeObserver(() => this.layOut());
  private areas: Area[] = [];
  private drawn: Drawn[] = [];
  private size = { width: 0, height: 0 };
  private stats: ShownStats | null = null;

  constructor(
    private readonly context: PageContext,
    private readonly snapshot: SnapshotDescription,
    private readonly view: BytesView,
    private readonly events: { reveal(target: RowTarget): void; revealFile(path: string): void; changed(): void },
  ) {
    const { strings } = context;
    this.map = h('div', { class: 'map', role: 'toolbar', 'aria-label': strings.whereBytesAre });
    const choose = (label: string, name: string, press: () => void): HTMLElement => {
      const element = h('button', { type: 'button', class: 'choice' }, label);
      element.addEventListener('click', () => {
        press();
        this.events.changed();
        this.update();
      });
      this.presses.set(name, element);
      return element;
    };
    this.element = h(
      'section',
      { class: 'where', 'aria-label': strings.whereBytesAre },
      h(
        'div',
        { class: 'section-head' },
        h('h2', {}, strings.whereBytesAre),
        h('span', { class: 'grow' }),
        h(
          'div',
          { class: 'choices', role: 'group', 'aria-label': strings.pictureOf },
          choose(strings.byOperator, 'operators', () => {
            this.view.of = 'operators';
          }),
          choose(strings.files, 'files', () => {
            this.view.of = 'files';
          }),
        ),
        choose(strings.asTable, 'table', () => {
          this.view.asTable = !this.view.asTable;
        }),
      ),
      this.map,
      this.table,
    );
    this.map.addEventListener('keydown', (event) => this.onKey(event));
    this.map.addEventListener('focusin', (event) => this.enter(event.target));
  }

  /** Draws for the first time; the element must be in the page. */
  start(): void {
    this.update();
    this.resizes.observe(this.map);
  }

  stop(): void {
    this.resizes.disconnect();
  }

  /** What was counted tells states apart that the format mixes. */
  showStats(stats: ShownStats | null): void {
    if (stats?.isComplete === this.stats?.isComplete) return;
    this.stats = stats;
    if (this.element.isConnected) this.update();
  }

  private update(): void {
    const { snapshot, view } = this;
    const { strings, count } = this.context;
    const more = (n: number): string => (n === 1 ? strings.oneMoreOperator : fill(strings.moreOperators, count(n)));
    const ofFiles = fileAreas(snapshot, strings, more);
    const ofOperators = operatorAreas(snapshot, this.stats, strings, more);
    this.areas = view.of === 'files' && ofFiles.length > 0 ? ofFiles : ofOperators;
    this.element.hidden = ofFiles.length + ofOperators.length === 0;
    this.presses.get('files')?.toggleAttribute('disabled', ofFiles.length === 0);
    for (const name of ['operators', 'files'] as const) {
      setAttributes(this.presses.get(name) ?? h('i'), { 'aria-pressed': String(name === view.of) });
    }
    setAttributes(this.presses.get('table') ?? h('i'), { 'aria-pressed': String(view.asTable) });
    this.map.hidden = view.asTable;
    this.table.hidden = !view.asTable;
    this.table.replaceChildren(
      ...(view.asTable ? [bytesTable(this.context, this.areas, this.total, (area) => this.follow(area))] : []),
    );
    this.size = { width: 0, height: 0 };
    this.layOut();
  }

  private get total(): number {
    return this.areas.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private follow({ leads }: Area): void {
    if (leads === null) return;
    if ('file' in leads) this.events.revealFile(leads.file);
    else this.events.reveal(leads);
  }

  private layOut(): void {
    const { clientWidth: width, clientHeight: height } = this.map;
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    const focused = this.drawn.findIndex(({ element }) => element === document.activeElement);
    this.drawn = [];
    this.map.replaceChildren();
    if (width === 0 || height === 0) return;
    const boxes = squarify(
      this.areas.map(({ bytes }) => bytes),
      { x: 0, y: 0, width: width + GAP, height: height + GAP },
    );
    for (const [rank, area] of this.areas.entries()) {
      const box = boxes[rank];
      if (box !== undefined) this.drawWhole(area, inside(box), this.view.of === 'files' ? 0 : rank % TONES);
    }
    this.enter(this.drawn[0]?.element ?? null);
    if (focused !== -1) this.drawn[Math.min(focused, this.drawn.length - 1)]?.element.focus();
  }

  private drawWhole(area: Area, box: Box, tone: number): void {
    const hasParts = area.parts.length > 0 && box.width >= ROOM_FOR_PARTS.width && box.height >= ROOM_FOR_PARTS.height;
    this.draw(area, null, box, tone, hasParts ? { ...box, height: HEAD } : box);
    if (!hasParts) return;
    const room = { x: box.x, y: box.y + HEAD, width: box.width + GAP, height: box.height - HEAD + GAP };
    const boxes = squarify(
      area.parts.map(({ bytes }) => bytes),
      room,
    );
    for (const [index, part] of area.parts.entries()) {
      const of = boxes[index];
      if (of !== undefined) this.draw(part, area, inside(of), tone, inside(of));
    }
  }

  private draw(area: Area, whole: Area | null, box: Box, tone: number, text: Box): void {
    if (box.width < 1 || box.height < 1) return;
    const { strings, bytes, share } = this.context;
    const [size, part] = [bytes(area.shownBytes), share(area.bytes, this.total)];
    const said =
      whole === null
        ? fill(strings.areaText, area.label, size, part)
        : fill(strings.partText, whole.label, area.label, size, part);
    const title = area.hint === null ? said : `${said}\n${area.hint}`;
    const kind = `area tone-${tone} ${whole === null ? 'whole' : 'part'}`;
    const isRest = area.leads === null;
    const element = isRest
      ? h('span', { class: `${kind} rest`, title })
      : h('button', { type: 'button', class: `${kind}${area.isBad ? ' bad' : ''}`, title, tabindex: -1 });
    Object.assign(element.style, {
      left: `${box.x}px`,
      top: `${box.y}px`,
      width: `${box.width}px`,
      height: `${box.height}px`,
    });
    const whose = whole === null ? fill(strings.shareOfBytes, part) : fill(strings.shareAndWhole, part, whole.label);
    element.append(...this.words(area, title, whose, text));
    this.map.append(element);
    if (isRest) return;
    element.addEventListener('click', () => this.follow(area));
    this.drawn.push({ element, box: text });
  }

  /** What stands in an area as far as there is room, and for screen readers the rest (`whose` part it is) after it. */
  private words(area: Area, title: string, whose: string, { width, height }: Box): HTMLElement[] {
    if (width < ROOM_FOR_TEXT.width || height < ROOM_FOR_TEXT.height) return [spoken(title)];
    const size = this.context.bytes(area.shownBytes);
    const isTall = height >= ROOM_FOR_SIZE && width >= widthOf(size);
    const isWide = height < ROOM_FOR_SIZE && width >= WIDTH_FOR_SIZE;
    const hasNote = area.isBad && height >= ROOM_FOR_NOTE;
    const note = hasNote
      ? h('span', { class: 'area-size below error' }, icon('error'), area.hint ?? '')
      : spoken(area.hint ?? '');
    return [
      h('span', { class: 'area-name' }, area.label),
      // A blank between the two for who hears them as one.
      isTall && h('span', { class: 'area-size below' }, ` ${size}`),
      isWide && h('span', { class: 'area-size' }, ` ${size}`),
      spoken(isTall || isWide ? `, ${whose}. ` : ` ${size}, ${whose}. `),
      note,
    ].filter((element) => element !== false);
  }

  /** One of the areas takes part in Tab. */
  private enter(target: EventTarget | null): void {
    if (!this.drawn.some(({ element }) => element === target)) return;
    for (const { element } of this.drawn) element.tabIndex = element === target ? 0 : -1;
  }

  private onKey(event: KeyboardEvent): void {
    const at = this.drawn.findIndex(({ element }) => element === event.target);
    const direction = ARROWS[event.key];
    const boxes = this.drawn.map(({ box }) => box);
    const to =
      direction !== undefined
        ? neighbour(boxes, at, direction)
        : ({ Home: 0, End: boxes.length - 1 }[event.key] ?? null);
    if (at === -1 || (direction === undefined && to === null)) return;
    event.preventDefault();
    if (to !== null) this.drawn[to]?.element.focus();
  }
}

const inside = ({ x, y, width, height }: Box): Box => ({ x, y, width: width - GAP, height: height - GAP });
