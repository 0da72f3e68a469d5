/** An entry on its way into a file, whatever the file's layout. */
export interface OutputEntry {
  readonly keyGroup: number;
  /** Number of the state in the header. */
  readonly state: number;
  /** What stands behind the number of the key group in a canonical key. */
  readonly key: Uint8Array;
  /** In the canonical layout: of a list its elements with commas, of a map what belongs to one key of it. */
  readonly value: Uint8Array;
}
