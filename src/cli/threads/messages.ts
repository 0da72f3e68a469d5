import type { CheckedEntries } from '../../engine/query/checkEntries';
import type { DumpTexts } from '../dumpOptions';

/** What a thread is started for: to do it for shares of the snapshot. */
export type Task =
  /** The options of a dump go as texts, which each thread reads for itself. */
  | { readonly type: 'dump'; readonly path: string; readonly options: DumpTexts }
  | { readonly type: 'verify'; readonly path: string };

/** A result of a share. */
export type ShareResult =
  /** Whole lines in UTF-8; answered by their buffer when they are written. */
  | { readonly type: 'lines'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** State that could not be read, for stderr. */
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'checked'; readonly checked: CheckedEntries };
