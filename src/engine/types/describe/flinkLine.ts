import type { MetadataVersion } from '../../metadata/model';

/**
 * The releases that write one version of metadata, by the first of them. A serializer snapshot for a line has the form that
 * every release of the line reads; where a format changed inside a line, that is the older form.
 */
export type FlinkLine = '1.8' | '1.11' | '1.16' | '2.0' | '2.1';

const LINES: readonly FlinkLine[] = ['1.8', '1.11', '1.16', '2.0', '2.1'];

/** The line whose releases write such metadata; versions 1 and 2 were written by releases before 1.8 too, which read less. */
export function flinkLineOf(version: MetadataVersion): FlinkLine {
  switch (version) {
    case 1:
    case 2:
      return '1.8';
    case 3:
      return '1.11';
    case 4:
      return '1.16';
    case 5:
      return '2.0';
    case 6:
      return '2.1';
  }
}

export function isAtLeast(line: FlinkLine, first: FlinkLine): boolean {
  return LINES.indexOf(line) >= LINES.indexOf(first);
}

/** Which Kryo writes generic values in that line. */
export const kryoOfLine = (line: FlinkLine): 2 | 5 => (isAtLeast(line, '2.0') ? 5 : 2);
