/** The two sides of a comparison: for each its `_metadata`, or its single file (Flink 1.2). */
export interface ComparedFiles {
  before: string;
  after: string;
}

/** The sides as a page kept them; null where it kept none. */
export function restoreFiles(kept: unknown): ComparedFiles | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { before, after } = kept as { before?: unknown; after?: unknown };
  return typeof before === 'string' && typeof after === 'string' ? { before, after } : null;
}
