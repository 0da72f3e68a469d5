/** How a text stands in a source file. */
export type CandidateUse =
  /** `.uid("…")` and its like. */
  | 'uid'
  /** `.setUidHash("…")`: the text is the id itself. */
  | 'uidHash'
  /** An operator of a compiled SQL plan, which Flink gives a uid. */
  | 'plan'
  /** Any other literal: a constant, an argument of a function of the job's own. */
  | 'text';

/** A text that may be an operator's uid. Whether it is, its hash proves. */
export interface Candidate {
  readonly text: string;
  readonly use: CandidateUse;
  /** Index in the file's text. */
  readonly at: number;
}

/** What names an operator: the place in the sources, and the uid there. */
export interface FoundName {
  /** The operator's id, 32 hex digits. */
  readonly id: string;
  /** Null where the sources have the hash itself. */
  readonly uid: string | null;
  readonly use: CandidateUse;
  /** The absolute path of the file. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}
