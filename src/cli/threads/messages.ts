import type { DecoderChoices } from '../../engine/types/decoderChoices';
import type { DumpTexts } from '../dumpOptions';

/** What a thread is started for: to do it for shares of the snapshot. */
export interface Task {
  readonly type: 'dump';
  readonly path: string;
  /** As texts, which each thread reads for itself. */
  readonly options: DumpTexts;
  readonly decoders: DecoderChoices;
}

/** A result of a share. */
export type ShareResult =
  /** Whole lines in UTF-8; answered by their buffer when they are written. */
  | { readonly type: 'lines'; readonly bytes: Uint8Array<ArrayBuffer> }
  /** State that could not be read, for stderr. */
  | { readonly type: 'failed'; readonly text: string };
