import { isCancelled, toProblem } from '../../src/rpc/problem';
import { fill } from '../../src/view/format';
import type { StateTarget } from '../../src/view/shownEntries';
import type { KeyLookupQuery, RowPlace } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import type { EntriesState, EntryView } from '../pageState';
import { AllStates } from './detail/allStates';
import { DetailPane } from './detail/detailPane';

/** Who holds an arrow key down wants the last entry's details, not those on the way. */
const DETAIL_AFTER_MS = 60;

/** Whose states the last tab shows. */
type Wanted = { place: RowPlace } | { key: string };

/** The entry with the focus in full: asked for when the hands rest, and asked for once. */
export class RowDetails {
  readonly pane: DetailPane;
  private readonly states: AllStates;
  private looking: AbortController | null = null;
  private lookSoon: ReturnType<typeof setTimeout> | undefined;
  private place: RowPlace | null = null;
  private typedKey: string | null = null;
  private statesOf: string | null = null;

  constructor(
    private readonly context: PageContext,
    private readonly state: EntriesState,
    isKeyed: boolean,
    private readonly events: {
      zone(): string;
      viewed(view: EntryView): void;
      copy(what: 'cell' | 'row'): void;
      modify(): void;
      leave(): void;
      chooseDecoder(classes: string[]): void;
      openState(target: StateTarget, key: string): void;
    },
  ) {
    this.states = new AllStates(context, { open: (target, key) => events.openState(target, key) });
    this.pane = new DetailPane(context, state.view, isKeyed, {
      ...events,
      open: (as) => this.open(as),
      openBytes: ({ file, offset }) => this.openBytes(file, offset),
      states: () => this.statesElement(),
    });
  }

  /** Shows an entry; null while it is not there. */
  show(place: RowPlace | null, number: number): void {
    const isSame = place?.block === this.place?.block && place?.index === this.place?.index;
    if (isSame) return;
    this.place = place;
    this.typedKey = null;
    this.lookNoMore();
    if (place === null) this.pane.clear();
    else this.lookSoon = setTimeout(() => void this.look(place, number), DETAIL_AFTER_MS);
  }

  /** Everything under a key that was typed. */
  showStatesOf(key: string): void {
    this.typedKey = key;
    this.pane.showStates();
  }

  stop(): void {
    this.lookNoMore();
    this.states.stop();
    this.pane.stop();
  }

  private lookNoMore(): void {
    clearTimeout(this.lookSoon);
    this.looking?.abort();
    this.looking = null;
  }

  private async look(place: RowPlace, number: number): Promise<void> {
    const looking = new AbortController();
    this.looking = looking;
    const { host, strings, count } = this.context;
    const { target, key } = this.state;
    try {
      const detail = await host.request(
        'rowDetail',
        { target, key, place, zone: this.events.zone() },
        { signal: looking.signal },
      );
      if (this.looking === looking) this.pane.show(detail, fill(strings.entry, count(number + 1)));
    } catch (e) {
      if (this.looking === looking && !isCancelled(e)) this.pane.fail(toProblem(e).message);
    }
  }

  private statesElement(): HTMLElement | null {
    const { typedKey, place } = this;
    const wanted: Wanted | null = typedKey !== null ? { key: typedKey } : place !== null ? { place } : null;
    if (wanted === null) return null;
    const name = JSON.stringify(wanted);
    if (name !== this.statesOf) {
      this.statesOf = name;
      void this.states.look(this.lookup(wanted));
    }
    return this.states.element;
  }

  private lookup(wanted: Wanted): KeyLookupQuery {
    const { target, key } = this.state;
    return {
      operator: target.operator,
      key: 'key' in wanted ? wanted.key : { target, key, place: wanted.place },
      namespace: null,
      mapKey: null,
      target: null,
      zone: this.events.zone(),
    };
  }

  private open(as: 'json' | 'text' | 'hex'): void {
    const { place } = this;
    if (place === null) return;
    const { host, announce } = this.context;
    const { target, key } = this.state;
    host
      .request('openValue', {
        target,
        key,
        place,
        column: as === 'json' ? null : 'value',
        as,
        zone: this.events.zone(),
      })
      .catch((error: unknown) => announce(toProblem(error).message));
  }

  private openBytes(file: string, offset: number): void {
    const { host, announce, strings } = this.context;
    host.request('openBytes', { file, offset }).then(
      (how) => {
        if (how === 'copied') announce(strings.offsetCopied);
      },
      (error: unknown) => announce(toProblem(error).message),
    );
  }
}
