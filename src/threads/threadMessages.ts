import type { EngineErrorCode } from '../engine/bytes/engineError';

/** To a thread. */
export type ToThread<Item, Answer> =
  /** Do this. Nothing more will come where it is null. */
  | { readonly type: 'item'; readonly item: Item | null }
  /** A receiver's answer to a result. */
  | { readonly type: 'answer'; readonly answer: Answer };

/** From a thread. */
export type FromThread<Result> =
  | { readonly type: 'result'; readonly result: Result }
  /** Ready for an item, at first and after each. */
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

/** Whether what a thread was started for is work of these types. */
export const isWork =
  <Work extends { readonly type: string }>(...types: readonly Work['type'][]) =>
  (data: unknown): data is Work =>
    typeof data === 'object' && data !== null && 'type' in data && types.some((type) => type === data.type);
