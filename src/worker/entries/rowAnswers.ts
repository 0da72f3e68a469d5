import { EngineError } from '../../engine/bytes/engineError';
import type { FileStore } from '../../engine/storage/byteSource';
import type { Handlers } from '../../rpc/peer';
import type { RowMethods } from '../../view/shownRows';
import type { EngineSide } from '../workerProtocol';

type RowAnswers = Pick<Handlers<EngineSide>, keyof RowMethods | 'rowLine' | 'rowsText' | 'valueText'>;

/** The engine's answers about the rows of states. */
export function rowAnswers(_store: FileStore): RowAnswers {
  const missing = (): never => {
    throw new EngineError('UNSUPPORTED', 'Rows cannot be asked for yet.');
  };
  return {
    rows: missing,
    scanRows: missing,
    rowDetail: missing,
    searchNext: missing,
    scanSearch: missing,
    lookUpKey: missing,
    keyForm: missing,
    filterNames: missing,
    checkFilter: missing,
    timeBins: missing,
    namespaces: missing,
    rowLine: missing,
    rowsText: missing,
    valueText: missing,
  };
}
