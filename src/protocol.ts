import { EngineError } from './engine/bytes/engineError';
import type { Problem, SnapshotDescription, StateBackendKind } from './engine/description';
import type { PlanReport } from './engine/plan/planReport';
import type { DecoderChoices } from './engine/types/decoderChoices';
import type { WriteRecord } from './engine/write/writeRecord';
import { asEnvelope } from './rpc/envelope';
import { pack, unpack } from './rpc/msgpack';
import type { Port } from './rpc/peer';
import type { ErrorText } from './view/explain';
import type { SizeUnits } from './view/format';
import type { PlanProgress } from './view/planWork';
import type { WithSharedTypes } from './view/sharedTypes';
import type {
  ComparedState,
  ComparisonEnd,
  ComparisonProgress,
  DifferenceMethods,
  DifferenceQuery,
  DifferencesExported,
} from './view/shownComparison';
import type { StateTarget } from './view/shownEntries';
import type { HealthNews } from './view/shownHealth';
import type { CopyFormat, EntryAt, OpenValue, RowMethods, RowQuery, RowSelection, RowsCopied } from './view/shownRows';
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
    /** Puts rows on the clipboard. */
    copyRows: { params: RowSelection; result: RowsCopied; progress: never };
    /** Puts the change of an entry into a plan. */
    modifyRow: { params: EntryAt; result: null; progress: never };
    /** Asks for a file and writes the rows to it, in the order in which they are stored, with progress of its own. */
    exportRows: { params: RowQuery; result: null; progress: never };
    /** Asks how values are read that only these classes of the job can read. */
    chooseDecoder: { params: { classes: string[] }; result: null; progress: never };
    /** Shows a value in an editor of its own. */
    openValue: { params: OpenValue; result: null; progress: never };
    /** Shows a file at an offset in a hex editor where one is installed; else the offset is on the clipboard. */
    openBytes: { params: { file: string; offset: number }; result: 'opened' | 'copied'; progress: never };
    /** What is known of the count of the snapshot's entries; what comes after is told by `stats`. */
    stats: { params: Record<string, never>; result: StatsNews; progress: never };
    /** Pictures of what was counted of an operator or a state; null where nothing was. */
    statsDetail: { params: StatsTarget; result: StatsDetail | null; progress: never };
    /** How a person laid the columns of a state out; null where nobody did. What stands in it is the page's affair. */
    keptColumns: { params: { target: StateTarget }; result: Record<string, unknown> | null; progress: never };
    keepColumns: { params: { target: StateTarget; kept: Record<string, unknown> }; result: null; progress: never };
    /** Names and findings as they are known now; what comes after is told by `health`. */
    health: { params: Record<string, never>; result: HealthNews; progress: never };
    /** Shows the place in the sources that names an operator. */
    openSource: { params: { operator: string }; result: null; progress: never };
    /** Asks the person for the name of an operator. */
    nameOperator: { params: { operator: string }; result: null; progress: never };
    /** Asks for a change of an operator, of its uid for one. */
    modifyOperator: { params: { operator: string }; result: null; progress: never };
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
    /** Read everything to the last byte; stop reading. */
    verify: 'start' | 'stop';
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
    /** Show the entries of this state, or those that are asked for. */
    showEntries: EntriesWanted;
    /** Copy the row that has the focus, or what is selected. */
    copyEntry: EntryCopy;
    /** Modify the entry that has the focus. */
    modifyEntry: null;
    settings: PageSettings;
    /** How far the count of the entries is. */
    stats: StatsNews;
    /** Names of operators, and what stands in the way of a restore. */
    health: HealthNews;
  };
}

/** Entries of a state; each of the others as a person would write it, in JSON. */
export interface EntriesWanted extends StateTarget {
  key?: string | null;
  namespace?: string | null;
  mapKey?: string | null;
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

/** What the page that compares two snapshots asks of the extension, and what it tells it. */
export interface CompareHostSide {
  methods: DifferenceMethods & {
    ready: { params: { protocol: number }; result: CompareWelcome; progress: never };
    /** Compares, from where it was stopped unless `anew`. Fails with the error that the page then shows. */
    compare: { params: { anew: boolean }; result: ComparisonEnd; progress: ComparisonProgress };
    /** Asks for a file and writes all differences of a state into it; null where the person gave it up. */
    exportDifferences: {
      params: { target: ComparedState };
      result: DifferencesExported | null;
      progress: { bytes: number; totalBytes: number };
    };
    /** The sides change places; what was compared is given up. */
    swap: { params: Record<string, never>; result: ComparedNames; progress: never };
    /** Opens one of the snapshots, at some of its entries where they are given. */
    openSide: {
      params: { side: 'before' | 'after'; wanted: EntriesWanted | null };
      result: null;
      progress: never;
    };
    /** Puts a step into a plan that gives an entry of the second snapshot the value that it has in the first. */
    putBack: { params: DifferenceQuery & { row: number }; result: null; progress: never };
    explain: { params: { problem: Problem }; result: ErrorText; progress: never };
    copy: { params: { text: string }; result: null; progress: never };
    act: { params: { action: CompareAction }; result: null; progress: never };
  };
  events: {
    defect: { message: string };
  };
}

/** What the extension tells that page. */
export interface ComparePageSide {
  methods: Record<never, never>;
  events: {
    /** One of the snapshots changed on disk. */
    changed: null;
    settings: PageSettings;
  };
}

export type CompareAction = 'showLogs' | 'reportIssue';

export interface CompareWelcome extends ComparedNames {
  strings: Strings;
  settings: PageSettings;
}

/** The two snapshots, as they are called before they are read. */
export interface ComparedNames {
  before: ComparedName;
  after: ComparedName;
}

export interface ComparedName {
  name: string;
  folder: string;
  /** The `_metadata`, or the single file of Flink 1.2. */
  file: string;
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

export type EntryCopy = 'row' | CopyFormat;

export interface PageSettings {
  sizeUnits: SizeUnits;
  /** In which instants are told. */
  timeZone: 'utc' | 'local';
  /** BCP 47 tag for grouping digits. */
  locale: string;
  /** How values are read that only a class of the job can read. */
  decoders: DecoderChoices;
}

/** A snapshot as it travels; `unshareTypes` makes it whole. */
export interface SentSnapshot extends WithSharedTypes, Reading {}

export interface LoadedSnapshot extends Reading {
  snapshot: SnapshotDescription;
  /** Null until it was told. */
  health: HealthNews | null;
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
  | 'compare'
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
  /** The snapshot has neither uid nor name of the operator: a person may give one. */
  isNameable?: boolean;
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
