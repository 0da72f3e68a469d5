import { EngineError } from '../../engine/bytes/engineError';
import type { Handlers } from '../../rpc/peer';
import type { RowMethods } from '../../view/shownRows';
import type { EngineSide } from '../workerProtocol';
import { entryDetail, entryLine } from './entryDetail';
import type { StateSessions } from './stateSessions';
import { TimeZone } from './timeZone';

type RowAnswers = Pick<Handlers<EngineSide>, keyof RowMethods | 'rowLine' | 'rowsText' | 'valueText'>;

/** The engine's answers about the rows of states. */
export function rowAnswers(sessions: StateSessions): RowAnswers {
  const missing = (): never => {
    throw new EngineError('UNSUPPORTED', 'This cannot be asked for yet.');
  };
  return {
    rows: (of, { signal }) => sessions.use(of, (session) => session.rows(of, signal)),
    scanRows: (of, { signal, progress }) => sessions.use(of, (session) => session.scan(of, signal, progress)),
    rowDetail: (of, { signal }) =>
      sessions.use(of, async (session) => entryDetail(await session.entry(of, signal), TimeZone.named(of.zone))),
    rowLine: (of, { signal }) => sessions.use(of, async (session) => entryLine(await session.entry(of, signal))),
    searchNext: missing,
    scanSearch: missing,
    lookUpKey: missing,
    keyForm: missing,
    filterNames: missing,
    checkFilter: missing,
    timeBins: missing,
    namespaces: missing,
    rowsText: missing,
    valueText: missing,
  };
}
