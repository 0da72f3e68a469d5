import { entryFilter } from '../../engine/query/filter';
import type { Handlers } from '../../rpc/peer';
import { toProblem } from '../../rpc/problem';
import type { StateTarget } from '../../view/shownEntries';
import type { KeyFound, KeyLookupQuery, RowMethods, StateFound } from '../../view/shownRows';
import type { EngineSide, OfSnapshot } from '../workerProtocol';
import { entryLine } from './entryDetail';
import { filterNames } from './filterNames';
import { formOf } from './keyForm';
import { lookUpKey } from './keyLookup';
import { rowsText } from './rowsText';
import type { StateSessions } from './stateSessions';
import { TimeZone } from './timeZone';
import { valueText } from './valueText';

type RowAnswers = Pick<Handlers<EngineSide>, keyof RowMethods | 'rowLine' | 'rowsText' | 'valueText'>;

/** The engine's answers about the rows of states. */
export function rowAnswers(sessions: StateSessions): RowAnswers {
  return {
    rows: (of, { signal }) => sessions.use(of, (session) => session.rows(of, signal)),
    scanRows: (of, { signal, progress }) => sessions.use(of, (session) => session.scan(of, signal, progress)),
    rowDetail: (of, { signal }) => sessions.use(of, (session) => session.detail(of, signal)),
    rowLine: (of, { signal }) => sessions.use(of, async (session) => entryLine(await session.entry(of, signal))),
    searchNext: (of, { signal, progress }) => sessions.use(of, (session) => session.searchNext(of, signal, progress)),
    scanSearch: (of, { signal, progress }) => sessions.use(of, (session) => session.countMatches(of, signal, progress)),
    lookUpKey: (of, { signal, progress }) => lookUp(sessions, of, signal, progress),
    keyForm: (of, { signal }) =>
      sessions.use(of, async (session) => {
        const { part, state } = await session.open(signal);
        const codec = part?.key ?? state?.key ?? null;
        return codec === null ? null : formOf(codec.type);
      }),
    filterNames: (of, { signal }) =>
      sessions.use(of, async (session) => {
        const { state } = await session.open(signal);
        return state === null ? [] : filterNames(state);
      }),
    checkFilter: ({ filter }) => {
      try {
        entryFilter(filter);
        return null;
      } catch (e) {
        return toProblem(e);
      }
    },
    timeBins: (of, { signal, progress }) => sessions.use(of, (session) => session.times(of, signal, progress)),
    namespaces: (of, { signal, progress }) =>
      sessions.use(of, (session) => session.namespaces(TimeZone.named(of.zone), signal, progress)),
    rowsText: (of, { signal }) => sessions.use(of, (session) => rowsText(session, of, signal)),
    valueText: (of, { signal }) => sessions.use(of, async (session) => valueText(await session.entry(of, signal), of)),
  };
}

/** In all states of the operator, whose session holds nothing but the snapshot. */
async function lookUp(
  sessions: StateSessions,
  of: OfSnapshot & KeyLookupQuery,
  signal: AbortSignal,
  tell: (found: StateFound) => void,
): Promise<KeyFound> {
  const { path, version, decoders, key } = of;
  const snapshot: OfSnapshot = { path, version, ...(decoders !== undefined && { decoders }) };
  const raw =
    typeof key === 'string'
      ? key
      : (await sessions.use({ ...snapshot, target: key.target }, (session) => session.entry(key, signal))).raw;
  const target: StateTarget = { operator: of.operator, state: '', backend: 'canonical' };
  return sessions.use({ ...snapshot, target }, async (session) =>
    lookUpKey(await session.snapshot(signal), { ...of, key: raw }, signal, tell),
  );
}
