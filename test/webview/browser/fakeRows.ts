import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Problem } from '../../../src/engine/description';
import type { RequestContext } from '../../../src/rpc/peer';
import type {
  FoundRow,
  KeyFound,
  KeyLookupQuery,
  NamespaceList,
  RowMethods,
  RowQuery,
  RowScan,
  RowSearch,
  RowsWanted,
  RowWindow,
  SearchNext,
  SearchScan,
  StateFound,
  TimeBins,
} from '../../../src/view/shownRows';
import { problem } from '../samples';
import { FakeRowsOf, fakeState } from './fakeState';
import { cell, column, detail } from './shopEntries';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The filter that is no CEL, and the key that is none. */
const BAD_FILTER = 'value.';
const BAD_KEY = '{';
const STEPS = 20;

/** What is left of a query's rows by a filter or a key: the real numbers, as they are found. */
class Found {
  rows: number[] = [];
  /** Rows looked at. */
  read = 0;
  ended = false;
}

/**
 * Answers about rows as the engine's thread does, of states that are made up: numbers are estimated until a scan has counted,
 * rows of a filter are found as the scan goes, and the scan takes its time.
 */
export class FakeRows {
  stops = 0;
  private readonly states = new Map<string, FakeRowsOf>();
  private readonly found = new Map<string, Found>();

  constructor(private readonly scenario: string) {}

  private get pause(): number {
    return this.scenario === 'slowEntries' || this.scenario === 'huge' ? 100 : 2;
  }

  of({ target }: Pick<RowQuery, 'target'>): FakeRowsOf {
    const known = this.states.get(target.state);
    if (known !== undefined) return known;
    const rows = new FakeRowsOf(fakeState(this.scenario, target.state));
    this.states.set(target.state, rows);
    return rows;
  }

  async rows(wanted: RowsWanted): Promise<RowWindow> {
    check(wanted);
    const rows = this.of(wanted);
    const columns = rows.state.columns(wanted.expand);
    const scan = this.scanOf(wanted);
    const window = (found: number[], at: number, first: number, exact: boolean, last: number): RowWindow => ({
      columns: rows.real === 0 ? [] : columns,
      rows: found.map((real) => rows.shown(real, wanted.expand)),
      first,
      exact,
      at,
      isStart: first === 0,
      isEnd: last >= (scan.ended && !isPlain(wanted) ? scan.rows : rows.real) - 1,
      scan,
    });
    if (isPlain(wanted)) {
      const place = 'row' in wanted.at ? rows.placeOf(wanted.at.row) : wanted.at.place;
      const real = rows.realOf(place);
      const from = Math.max(0, real - wanted.before);
      const to = Math.min(rows.real, real + wanted.count);
      const found = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
      return window(found, real - from, rows.numberOf(rows.at(from)), rows.exact, to - 1);
    }
    if (wanted.key !== null) this.scanAll(wanted);
    const all = this.foundOf(wanted).rows;
    const sorted = this.sorted(wanted, all);
    const asked = 'row' in wanted.at ? wanted.at.row : sorted.indexOf(rows.realOf(wanted.at.place));
    const at = Math.max(0, Math.min(asked, sorted.length));
    const from = Math.max(0, at - wanted.before);
    return {
      ...window(sorted.slice(from, at + wanted.count), at - from, from, true, at + wanted.count - 1),
      scan: this.scanOf(wanted),
    };
  }

  async scanRows(query: RowQuery, { signal, progress }: RequestContext<RowScan>): Promise<RowScan> {
    check(query);
    const rows = this.of(query);
    for (let step = 1; step <= STEPS && !this.scanOf(query).ended; step++) {
      await sleep(this.pause);
      if (signal.aborted) {
        this.stops++;
        break;
      }
      if (isPlain(query)) rows.counted = Math.max(rows.counted, Math.ceil((rows.state.blocks * step) / STEPS));
      else this.look(query, Math.ceil(rows.real / STEPS));
      progress(this.scanOf(query));
    }
    return this.scanOf(query);
  }

  async searchNext(search: SearchNext, { progress }: RequestContext<SearchScan>): Promise<FoundRow | null> {
    const matches = this.matches(search);
    progress({ matches: matches.length, read: this.of(search).real, done: 1, ended: true });
    const rows = this.of(search);
    const from = search.from === null ? null : rows.realOf(search.from);
    const index = search.backwards
      ? matches.findLastIndex((real) => from === null || real < from)
      : matches.findIndex((real) => from === null || real > from);
    const wrapped = index < 0;
    const match = wrapped ? (search.backwards ? matches.length - 1 : 0) : index;
    const real = matches[match];
    if (real === undefined) return null;
    const { place, cells } = rows.shown(real, search.expand);
    const hit = cells.findIndex(({ text }) => text.toLowerCase().includes(search.text.toLowerCase()));
    return {
      place,
      row: rows.numberOf(place),
      exact: rows.exact,
      column: rows.state.columns(search.expand)[hit]?.id ?? null,
      match,
      wrapped,
    };
  }

  async scanSearch(search: RowSearch): Promise<SearchScan> {
    return { matches: this.matches(search).length, read: this.of(search).real, done: 1, ended: true };
  }

  detail: RowMethodsOf<'rowDetail'> = async ({ target, place }) => {
    const rows = this.of({ target });
    const whole = detail(rows.realOf(place));
    return target.backend === 'operator' ? { ...whole, keyGroup: null, index: place.index } : whole;
  };

  async lookUpKey({ key, operator }: KeyLookupQuery, progress: (found: StateFound) => void): Promise<KeyFound> {
    if (key === BAD_KEY)
      throw new EngineError('BAD_VALUE', 'The key does not fit its type, string: expected a string.');
    const text =
      typeof key === 'string' ? key : `user-${String(this.of(key).realOf(key.place) * 7919).padStart(9, '0')}`;
    const of = (state: string, kind: StateFound['kind'], count: number): StateFound => {
      const rows = this.of({ target: { operator, state, backend: 'canonical' } });
      return {
        target: { operator, state, backend: 'canonical' },
        kind,
        columns: rows.state.columns([]),
        rows: Array.from({ length: count }, (_, i) => rows.shown(i, [])),
        total: count === 3 ? 40 : count,
      };
    };
    const states = [
      of('profile', 'value', 1),
      of('history', 'list', 1),
      of('user-timers', 'timer', 3),
      of('counters', 'map', 0),
    ];
    for (const state of states) {
      progress(state);
      await sleep(this.pause);
    }
    return { key: JSON.stringify(text), keyGroup: 42, subtask: 1, states, millis: 3.2, problems: [] };
  }

  timeBins(query: RowQuery): TimeBins {
    const rows = this.of(query);
    const times = Array.from({ length: rows.real }, (_, i) => Number(rows.state.cells(i, [])[3]?.text)).sort(
      (a, b) => a - b,
    );
    const first = times[0] ?? 0;
    const last = times.at(-1) ?? 0;
    const width = Math.max(1, (last - first + 1) / 60);
    const bins = Array.from({ length: 60 }, (_, i) => ({
      from: String(Math.round(first + i * width)),
      to: String(Math.round(first + (i + 1) * width)),
      count: times.filter((time) => Math.floor((time - first) / width) === i).length * ((i % 7) + 1),
    }));
    return { first: String(first), last: String(last), bins, ended: true, done: 1 };
  }

  namespaces(): NamespaceList {
    const columns = ['start', 'end'].map((field, i) =>
      column(`namespace.${i}`, { part: 'namespace', field, type: 'long', numeric: true }),
    );
    const namespaces = Array.from({ length: 24 }, (_, i) => {
      const start = 1_763_700_000_000 + i * 1_800_000;
      const bound = (millis: number) => cell('number', String(millis), { hint: new Date(millis).toISOString() });
      return {
        namespace: `[${start}, ${start + 1_800_000}]`,
        cells: [bound(start), bound(start + 1_800_000)],
        rows: 10 + i,
      };
    });
    return { columns, namespaces, total: 24, done: 1, ended: true };
  }

  private scanOf(query: RowQuery): RowScan {
    const rows = this.of(query);
    const isAll = isPlain(query);
    const found = isAll ? null : this.foundOf(query);
    const read = found?.read ?? rows.read;
    return {
      rows: found === null ? rows.rows : this.sorted(query, found.rows).length,
      exact: found === null ? rows.exact : found.ended,
      read,
      done: rows.real === 0 ? 1 : read / rows.real,
      bytesRead: read * 75,
      ofBytes: rows.real * 75,
      ended: found === null ? rows.exact : found.ended,
      capped: null,
      keyGroup: query.key === null ? null : 42,
      misfit: query.filter?.includes('.nothing') === true ? 'No such key: nothing' : null,
      problems: this.scenario === 'damaged' ? [unread] : [],
      moreProblems: this.scenario === 'damaged' ? 3 : 0,
    };
  }

  private foundOf({ target, key, namespace, mapKey, filter, sort }: RowQuery): Found {
    const name = JSON.stringify([target, key, namespace, mapKey, filter, sort]);
    const found = this.found.get(name) ?? new Found();
    this.found.set(name, found);
    return found;
  }

  private look(query: RowQuery, count: number): void {
    const rows = this.of(query);
    const found = this.foundOf(query);
    const end = Math.min(rows.real, found.read + count);
    for (let real = found.read; real < end; real++) if (this.isWanted(query, rows, real)) found.rows.push(real);
    found.read = end;
    found.ended = end === rows.real;
  }

  private scanAll(query: RowQuery): void {
    this.look(query, Number.MAX_SAFE_INTEGER);
  }

  /** A filter matches every tenth; `value.amount > 1e300` none. */
  private isWanted({ key, filter }: RowQuery, rows: FakeRowsOf, real: number): boolean {
    if (key !== null && rows.state.cells(real, [])[0]?.text !== key) return false;
    return filter === null || (filter.includes('1e300') || filter.includes('.nothing') ? false : real % 10 === 0);
  }

  /** Nothing stands in its order before all is known. */
  private sorted(query: RowQuery, found: number[]): number[] {
    const { sort } = query;
    if (sort === null) return found;
    if (!this.foundOf(query).ended) return [];
    const rows = this.of(query);
    const index = rows.state.columns(query.expand).findIndex(({ id }) => id === sort.column);
    const sign = sort.descending ? -1 : 1;
    const value = (real: number): string => rows.state.cells(real, query.expand)[index]?.text ?? '';
    return [...found].sort((a, b) => sign * value(a).localeCompare(value(b), 'en', { numeric: true }));
  }

  private matches(search: RowSearch): number[] {
    const rows = this.of(search);
    const wanted = search.text.toLowerCase();
    const result: number[] = [];
    for (let real = 0; real < Math.min(rows.real, 100_000); real++) {
      const isHit = rows.state.cells(real, search.expand).some(({ text }) => text.toLowerCase().includes(wanted));
      if (isHit && this.isWanted(search, rows, real)) result.push(real);
    }
    return result;
  }
}

type RowMethodsOf<M extends keyof RowMethods> = (
  params: RowMethods[M]['params'],
) => Promise<RowMethods[M]['result']> | RowMethods[M]['result'];

const unread: Problem = problem('error', 'FILE_NOT_FOUND', 'There is no file fdc4525c.', { where: 'subtask 2' });

const isPlain = ({ key, filter, sort, namespace, mapKey }: RowQuery): boolean =>
  [key, filter, sort, namespace, mapKey].every((part) => part === null);

function check({ key, filter }: RowQuery): void {
  if (key === BAD_KEY) throw new EngineError('BAD_VALUE', 'The key does not fit its type, string: expected a string.');
  const wrong = checkFilter(filter ?? '');
  if (wrong !== null) throw new EngineError('BAD_ARGUMENT', wrong.message, { hint: wrong.hint ?? undefined });
}

export function checkFilter(filter: string): Problem | null {
  if (filter !== BAD_FILTER) return null;
  return problem('error', 'BAD_ARGUMENT', 'The filter cannot be understood: unexpected end.', {
    hint: "Filters are CEL, for example: key.startsWith('user-')",
  });
}
