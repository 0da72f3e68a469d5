import { EngineError } from './engine/bytes/engineError';
import type { Problem, SnapshotDescription, StateBackendKind } from './engine/description';
import type { PlanReport } from './engine/plan/planReport';
import type { WriteRecord } from './engine/write/writeRecord';
import { asEnvelope } from './rpc/envelope';
import { pack, unpack } from './rpc/msgpack';
import type { Port } from './rpc/peer';
import type { ErrorText } from './view/explain';
import type { SizeUnits } from './view/format';
import type { PlanProgress } from './view/planWork';
import type { WithSharedTypes } from './view/sharedTypes';
import type { EntryDetail, EntryPage, EntryPlace, EntryProgress, EntryQuery, StateTarget } from './view/shownEntries';
import type { EntryAt, OpenValue, RowMethods, RowQuery, RowSelection, RowsCopied } from './view/shownRows';
import type { StatsDetail, StatsNews, StatsTarget } from './view/shownStats';
import type { Strings } from './view/strings';

/**
 * Everything that the extension and a page say to each other. `src/rpc` carries it: each request has one answer, an error is
 * an answer, `cancel` stops a request, and bodies travel as MessagePack bytes.
 */

/** Goes up with every change that an older page or extension would misread. A page of another version is told to reload. */
export const PROTOCOL_VERSION = 3;

/** What a page asks of the extension, and what it tells it. */
export interface HostSide {
  methods: RowMethods & {
    /** The first message of a page. The extension says nothing before it. */
    ready: { params: { protocol: number }; result: Welcome; progress: never };
    /** The snapshot of this editor. Fails with the error that the page then shows. */
    load: { params: Record<string, never>; result: SentSnapshot; progress: LoadProgress };
    /** A page of a state's entries. Cancelling is no failure: the answer is what was found until then. */
    entryPage: { params: EntryQuery & { page: number }; result: EntryPage; progress: EntryProgress };
    /** Everything about one entry. */
    entryDetail: { params: EntryPlace; result: EntryDetail; progress: never };
    /** Puts a cell on the clipboard as JSON, by the column's id; for null the whole entry. */
    copyEntry: { params: EntryPlace & { column: string | null }; result: null; progress: never };
    /** Puts the change of an entry into a plan: its value there is the one to be changed. */
    modifyEntry: { params: EntryPlace; result: null; progress: never };
    /** Puts rows on the clipboard. */
    copyRows: { params: RowSelection; result: RowsCopied; progress: never };
    /** Puts the change of an entry into a plan. */
    modifyRow: { params: EntryAt; result: null; progress: never };
    /** Asks for a file and writes the rows to it, with progress of its own. False where a person thought better of it. */
    exportRows: { params: RowQuery; result: boolean; progress: never };
    /** Shows a value in an editor of its own. */
    openValue: { params: OpenValue; result: null; progress: never };
    /** Shows a file at an offset in a hex editor where one is installed; else the offset is on the clipboard. */
    openBytes: { params: { file: string; offset: number }; result: 'opened' | 'copied'; progress: never };
    /** What is known of the count of the snapshot's entries; what comes after is told by `stats`. */
    stats: { params: Record<string, never>; result: StatsNews; progress: never };
    /** Pictures of what was counted of an operator or a state; null where nothing was. */
    statsDetail: { params: StatsTarget; result: StatsDetail | null; progress: never };
    /** Words and buttons for an error of `load`. */
    explain: { params: { problem: Problem }; result: ErrorText; progress: never };
    copy: { params: { text: string }; result: null; progress: never };
    act: { params: { action: PageAction }; result: null; progress: never };
    /** Shows a file of the snapshot in the explorer, or in the system's file manager if it is outside the workspace. */
    revealFile: { params: { path: string }; result: null; progress: never };
  };
  events: {
    /** What is selected, for the tree to follow. */
    selected: RowTarget | null;
    /** Count the entries, or go on counting; stop counting. */
    count: 'start' | 'stop';
    /** A defect in the page, for the log. */
    defect: { message: string };
  };
}

/** What the extension tells a page. */
export interface PageSide {
  methods: Record<never, never>;
  events: {
    /** The snapshot changed on disk: load it again. */
    changed: null;
    /** Show this row. */
    focus: RowTarget;
    /** Show the entries of this state. */
    showEntries: StateTarget;
    /** Copy the cell that has the focus, or its row. */
    copyEntry: 'cell' | 'row';
    /** Modify the entry that has the focus. */
    modifyEntry: null;
    settings: PageSettings;
    /** How far the count of the entries is. */
    stats: StatsNews;
  };
}

/** What the page of a dry run asks of the extension, and what it tells it. */
export interface ReportHostSide {
  methods: {
    ready: { params: { protocol: number }; result: ReportWelcome; progress: never };
    /** Makes the dry run. Fails with the error that the page then shows. */
    dryRun: { params: Record<string, never>; result: PlanReport; progress: PlanProgress };
    explain: { params: { problem: Problem }; result: ErrorText; progress: never };
    copy: { params: { text: string }; result: null; progress: never };
    act: { params: { action: ReportAction }; result: null; progress: never };
  };
  events: {
    defect: { message: string };
  };
}

/** What the extension tells the page of a dry run. */
export interface ReportPageSide {
  methods: Record<never, never>;
  events: {
    /** The plan is another since its dry run. */
    changed: null;
    /** Make the dry run again. */
    again: null;
    settings: PageSettings;
  };
}

export type ReportAction = 'run' | 'showPlan' | 'showLogs' | 'reportIssue';

export interface ReportWelcome {
  strings: Strings;
  settings: PageSettings;
  /** Name of the plan. */
  name: string;
}

export interface Welcome {
  strings: Strings;
  settings: PageSettings;
  /** Name of the snapshot, for the title while it is being read. */
  name: string;
  /** The folder that holds it. */
  folder: string;
}

export interface PageSettings {
  sizeUnits: SizeUnits;
  /** BCP 47 tag for grouping digits. */
  locale: string;
}

/** A snapshot as it travels; `unshareTypes` makes it whole. */
export interface SentSnapshot extends WithSharedTypes, Reading {}

export interface LoadedSnapshot extends Reading {
  snapshot: SnapshotDescription;
}

/** What the reading took. */
export interface Reading {
  /** Milliseconds that the reading took. */
  millis: number;
  /** Bytes that were read; null where nobody counted. */
  bytesRead: number | null;
  /** What stands beside a snapshot that this program wrote. */
  record: WriteRecord | null;
}

export interface LoadProgress {
  /** Milliseconds since the reading began. */
  millis: number;
}

/** An operator, or one of its states. */
export interface RowTarget {
  operator: string;
  state: string | null;
}

export type PageAction =
  | 'openWith'
  | 'showLogs'
  | 'openOther'
  | 'revealFolder'
  | 'reportIssue'
  | 'modify'
  | 'rescale'
  | 'bootstrap'
  | 'copySnapshot'
  /** The plan that made this snapshot. */
  | 'showPlan';

/** What stands in `data-vscode-context` of a row, and so what a command in its context menu is given. */
export interface RowContext {
  webviewSection: 'operator' | 'state' | 'part' | 'file' | 'entry';
  name?: string;
  uid?: string;
  operatorId?: string;
  type?: string;
  backend?: StateBackendKind;
  path?: string;
  hasUid?: boolean;
  preventDefaultContextMenuItems: true;
}

/** A channel that carries envelopes with their bodies packed; `post` must copy what it is given. */
export interface RawChannel {
  post(message: unknown): void;
  receive(listener: (message: unknown) => void): void;
}

/** The port over VS Code's webview messages, the same at both ends. */
export function packedPort(channel: RawChannel): Port {
  return {
    post(envelope) {
      channel.post('body' in envelope ? { ...envelope, body: pack(envelope.body) } : envelope);
    },
    receive(listener) {
      channel.receive((message) => {
        const envelope = asEnvelope(message);
        if (envelope === null) return;
        if (!('body' in envelope)) listener(envelope);
        else if (envelope.body instanceof Uint8Array) listener({ ...envelope, body: unpack(envelope.body) });
      });
    },
  };
}

export function checkProtocol(theirs: number): void {
  if (theirs === PROTOCOL_VERSION) return;
  throw new EngineError(
    'UNSUPPORTED_VERSION',
    `This page speaks version ${theirs} of the protocol, the extension version ${PROTOCOL_VERSION}.`,
    { hint: 'Reload the window: the extension was updated while this editor was open.' },
  );
}
