import type { Share } from '../../engine/shares';
import type { DumpTexts } from '../dumpOptions';

/** What a thread is started for: the texts of a dump's options, which each thread reads for itself. */
export interface DumpTask {
  readonly path: string;
  readonly options: DumpTexts;
}

/** To a thread. */
export type ToThread =
  /** Dump this. Nothing more will come where it is null. */
  | { readonly type: 'share'; readonly share: Share | null }
  /** One text was written. */
  | { readonly type: 'written' };

/** From a thread. */
export type FromThread =
  /** Whole lines in UTF-8. */
  | { readonly type: 'lines'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** State that could not be read, for stderr. */
  | { readonly type: 'failed'; readonly text: string }
  /** Ready for a share, at first and after each. */
  | { readonly type: 'ready' }
  /** An error that ends everything. */
  | { readonly type: 'broken'; readonly error: ThreadError };

/** What is left of an `EngineError` on its way between threads. */
export interface ThreadError {
  readonly code: string;
  readonly message: string;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly where: string | undefined;
  readonly hint: string | undefined;
}
