import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import type { HostSide } from '../protocol';
import type { Handlers, RequestContext } from '../rpc/peer';
import type { RowMethods } from '../view/shownRows';
import { chooseDecoder } from './chooseDecoder';
import { openBytes } from './openBytes';
import type { RowParams, SnapshotDocument } from './snapshotDocument';
import { openValue } from './valueDocuments';

type HostMethods = 'copyRows' | 'modifyRow' | 'exportRows' | 'chooseDecoder' | 'openValue' | 'openBytes';

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
    chooseDecoder: async ({ classes }) => {
      await chooseDecoder(classes, (type) => document.checkDecoder(type));
      return null;
    },
    openValue: async (value) => {
      await openValue({ ...value, ...document.now });
      return null;
    },
    openBytes: ({ file, offset }) => openBytes(file, offset),
  };
}
