import type { EngineErrorCode } from '../../engine/bytes/engineError';
import type { CheckedEntries } from '../../engine/query/checkEntries';
import type { Share } from '../../engine/shares';
import type { DumpTexts } from '../dumpOptions';

/** What a thread is started for. The options of a dump go as texts, which each thread reads for itself. */
export type Task =
  | { readonly type: 'dump'; readonly path: string; readonly options: DumpTexts }
  | { readonly type: 'verify'; readonly path: string };

/** To a thread. */
export type ToThread =
  /** Take this share. Nothing more will come where it is null. */
  | { readonly type: 'share'; readonly share: Share | null }
  /** Lines were written; their buffer comes back. */
  | { readonly type: 'written'; readonly buffer: ArrayBuffer };

/** A result of a share. */
export type ShareResult =
  /** Whole lines in UTF-8; answered by `written`. */
  | { readonly type: 'lines'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** State that could not be read, for stderr. */
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'checked'; readonly checked: CheckedEntries };

/** From a thread. */
export type FromThread =
  | ShareResult
  /** Ready for a share, at first and after each. */
  | { readonly type: 'ready' }
  /** An error that ends everything. */
  | { readonly type: 'broken'; readonly error: ThreadError };

/** What is left of an `EngineError` on its way between threads. */
export interface ThreadError {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly where: string | undefined;
  readonly hint: string | undefined;
}
