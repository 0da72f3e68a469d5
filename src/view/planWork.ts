/** What the extension, the engine's thread and the page of a report tell each other about plans. */

/** A plan as it stands in an editor. Relative paths in it are seen from the folder of `file`. */
export interface PlanSource {
  text: string;
  file: string;
}

/** How far a dry run or a run has come. Zero is what is not known. `entries` are those to be written. */
export interface PlanProgress {
  stage: 'check' | 'write' | 'prove';
  millis: number;
  bytes: number;
  totalBytes: number;
  entries: number;
}

/** A snapshot that was written. */
export interface Written {
  /** Its folder. */
  path: string;
  /** What reading it back proved: counts by name. */
  proof: Record<string, number>;
}

/** A data file, as far as its first rows tell. */
export interface DataLook {
  columns: DataColumn[];
  /** Rows that were looked at. */
  rows: number;
  /** The first of them that cannot be read, and why; null where all can. */
  bad: string | null;
}

export interface DataColumn {
  name: string;
  /** In the words of a plan. */
  type: string;
  /** The first values, as text. */
  samples: string[];
}

/** A word with which a type in a plan begins. */
export interface TypeWord {
  name: string;
  about: string;
  /** A whole type that begins with it. */
  example: string;
  /** `sql`: inside rows of SQL only. */
  vocabulary: 'state' | 'sql';
}
