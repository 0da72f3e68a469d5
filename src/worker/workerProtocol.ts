import type { Problem, SnapshotDescription } from '../engine/description';
import type { HealthFinding } from '../engine/health/finding';
import type { MetadataVersion } from '../engine/metadata/model';
import type { PlanReport } from '../engine/plan/planReport';
import type { DecoderChoices } from '../engine/types/decoderChoices';
import type { WriteRecord } from '../engine/write/writeRecord';
import type { FoundName } from '../names/find/candidate';
import type { SourceFile } from '../names/find/nameFinder';
import type { DataLook, PlanProgress, PlanSource, TypeWord, Written } from '../view/planWork';
import type {
  ComparedState,
  ComparisonEnd,
  ComparisonProgress,
  DifferenceMethods,
  DifferencesExported,
} from '../view/shownComparison';
import type { VerificationProgress, VerificationResult } from '../view/shownHealth';
import type {
  EntryAt,
  ExportedRows,
  ExportFormat,
  ExportProgress,
  OpenValue,
  RowMethods,
  RowQuery,
  RowSelection,
  RowsCopied,
} from '../view/shownRows';
import type { CountedStats, StatsDetail, StatsProgress, StatsTarget } from '../view/shownStats';

/** What the extension asks of the engine's thread. Bodies cross by structured clone, 64-bit integers as they are. */
export interface EngineSide {
  methods: PageMethods & {
    /** What the snapshot at `path` (its folder, its `_metadata` or a single file) is. Reads no data files beyond their headers. */
    describe: { params: { path: string }; result: DescribedSnapshot; progress: { millis: number } };
    /** What each file is by its first bytes, in the order asked. A file that cannot be read is an answer, not an error. */
    classify: { params: { paths: string[] }; result: Classified[]; progress: never };
    /** The entry as a line of a dump. */
    rowLine: { params: OfSnapshot & EntryAt; result: string; progress: never };
    /** Rows as text. */
    rowsText: { params: OfSnapshot & RowSelection; result: RowsCopied & { text: string }; progress: never };
    /** A value as text, whole. */
    valueText: { params: OfSnapshot & OpenValue; result: string; progress: never };
    /** Writes rows to a file. Not to be asked again of another thread: it writes. */
    exportRows: {
      params: RowQuery & { path: string; file: string; format: ExportFormat; decoders?: DecoderChoices };
      result: ExportedRows;
      progress: ExportProgress;
    };
    /** Nobody looks at this snapshot's entries any more. */
    closeEntries: { params: { path: string }; result: null; progress: never };
    /**
     * How many entries there are and where, counted with `scan`; without, what is known from before. Cancelling is no failure:
     * the answer is what was counted until then. `keepBytes` bounds what is kept on the disk.
     */
    countEntries: {
      params: OfSnapshot & { scan: boolean; keepBytes: number };
      result: CountedStats;
      progress: StatsProgress;
    };
    /** Pictures of what was counted of an operator or a state; null where nothing was. */
    statsDetail: { params: OfSnapshot & StatsTarget; result: StatsDetail | null; progress: never };
    /** Removes all that is kept on the disk. */
    clearCache: { params: Record<string, never>; result: { freed: number; isLocked: boolean }; progress: never };
    /** Reads everything to the last byte, and says what the description alone does not. */
    verify: { params: { path: string }; result: VerificationResult; progress: VerificationProgress };
    /** Where source files name operators: the best place of each id that some file names. */
    findNames: { params: { files: SourceFile[]; ids: string[] }; result: FoundName[]; progress: never };
    /**
     * Compares two snapshots, from where it was stopped unless `anew`. Cancelling is no failure: the answer is what was found
     * until then. The others speak of this comparison.
     */
    compare: {
      params: { before: string; after: string; anew: boolean };
      result: ComparisonEnd;
      progress: ComparisonProgress;
    };
    /** Writes all differences of a state, or of all where it is null, into a file, one line of JSON each. */
    exportDifferences: {
      params: { file: string; target: ComparedState | null };
      result: DifferencesExported;
      progress: { bytes: number; totalBytes: number };
    };
    /** What is wrong with a plan, found without reading entries. */
    checkPlan: { params: PlanSource; result: Problem[]; progress: never };
    /** What is wrong with a type that values are to be read with; null if nothing is. */
    checkDecoder: { params: { type: string }; result: string | null; progress: never };
    /** Words for types in plans. */
    typeNames: { params: Record<string, never>; result: TypeWord[]; progress: never };
    /** Columns of a data file, from its first rows. */
    lookAtData: { params: { file: string }; result: DataLook; progress: never };
    /** What a plan changes. Reads every entry of the state that it writes anew, and writes nothing. */
    dryRun: { params: PlanSource; result: PlanReport; progress: PlanProgress };
    /** Does what a plan says. Not to be asked again of another thread: it writes. */
    runPlan: { params: PlanSource & { out: string }; result: Written; progress: PlanProgress };
    /** A self-contained copy; `metadataVersion` null for that of the source. */
    runCopy: {
      params: { path: string; out: string; metadataVersion: MetadataVersion | null };
      result: Written;
      progress: PlanProgress;
    };
  };
  events: Record<never, never>;
}

/** What pages ask, and the extension hands on. */
type PageMethods = OfEachSnapshot<RowMethods> & DifferenceMethods;

/** The same, said also of which snapshot. */
type OfEachSnapshot<Methods extends { [M in keyof Methods]: { params: unknown; result: unknown; progress: unknown } }> =
  {
    [M in keyof Methods]: {
      params: OfSnapshot & Methods[M]['params'];
      result: Methods[M]['result'];
      progress: Methods[M]['progress'];
    };
  };

/** The engine's thread asks nothing of the extension. */
export interface EngineOwnerSide {
  methods: Record<never, never>;
  events: {
    /** A line for the log. */
    note: { message: string };
  };
}

/** What the engine's thread is started with. */
export interface EngineThreadData {
  readonly type: 'engine';
  /** The folder for what is kept of snapshots; null where nothing is to be kept on the disk. */
  readonly scratchFolder: string | null;
}

export interface OfSnapshot {
  path: string;
  /** Goes up when the snapshot changes on disk: what was read before is then of no more use. */
  version: number;
  /** How values are read that only a class of the job can read. */
  decoders?: DecoderChoices;
}

export interface DescribedSnapshot {
  snapshot: SnapshotDescription;
  millis: number;
  /** Bytes that were read to describe it. */
  bytesRead: number;
  /** What stands beside a snapshot that this program wrote. */
  record: WriteRecord | null;
  /** What stands in the way of a restore. */
  health: readonly HealthFinding[];
}

export type Classified =
  | { is: 'snapshot'; metadataVersion: number }
  /** Named like a snapshot's metadata, written by something else: `Parquet file`. */
  | { is: 'other'; what: 'parquet' | 'empty' | 'unknown' }
  | { is: 'unreadable'; code: string; message: string };
