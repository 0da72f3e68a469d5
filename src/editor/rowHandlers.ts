import * as vscode from 'vscode';
import { EngineError } from '../engine/bytes/engineError';
import { COMMANDS } from '../ids';
import type { HostSide } from '../protocol';
import type { Handlers, RequestContext } from '../rpc/peer';
import type { RowMethods } from '../view/shownRows';
import type { RowParams, SnapshotDocument } from './snapshotDocument';

type HostMethods = 'copyRows' | 'modifyRow' | 'exportRows' | 'openValue' | 'openBytes';

/** What a page's editor does for it beyond asking the engine. */
export interface RowServices {
  /** Failures go to the log. */
  logged<T>(work: () => Promise<T>): Promise<T>;
  copy(text: string): Promise<void>;
}

/** Answers what a page asks about the rows of a state: the engine knows most of it. */
export function rowHandlers(
  document: SnapshotDocument,
  { logged, copy }: RowServices,
): Pick<Handlers<HostSide>, keyof RowMethods | HostMethods> {
  const ask =
    <M extends keyof RowMethods>(method: M) =>
    (params: RowParams<M>, { signal, progress }: RequestContext<RowMethods[M]['progress']>) =>
      logged(() => document.askRows(method, params, { signal, onProgress: progress }));
  return {
    rows: ask('rows'),
    scanRows: ask('scanRows'),
    rowDetail: ask('rowDetail'),
    searchNext: ask('searchNext'),
    scanSearch: ask('scanSearch'),
    lookUpKey: ask('lookUpKey'),
    keyForm: ask('keyForm'),
    filterNames: ask('filterNames'),
    checkFilter: ask('checkFilter'),
    timeBins: ask('timeBins'),
    namespaces: ask('namespaces'),
    copyRows: async (selection, { signal }) => {
      const { text, rows, cut } = await logged(() => document.askRows('rowsText', selection, { signal }));
      await copy(text);
      return { rows, cut };
    },
    modifyRow: async (entry, { signal }) => {
      const line = await document.askRows('rowLine', entry, { signal });
      await vscode.commands.executeCommand(COMMANDS.modifyEntry, { uri: document.uri, line });
      return null;
    },
    exportRows: async (query) => {
      await vscode.commands.executeCommand(COMMANDS.exportRows, { uri: document.uri, query });
      return null;
    },
    openValue: () => {
      throw new EngineError('UNSUPPORTED', 'Values cannot be opened yet.');
    },
    openBytes: () => {
      throw new EngineError('UNSUPPORTED', 'Bytes cannot be opened yet.');
    },
  };
}
