import type { OperatorDescription, SnapshotDescription } from '../../src/engine/description';
import { fileStatus, sortFiles } from '../../src/view/facts';
import { fill } from '../../src/view/format';
import { lastPart, operatorTitle } from '../../src/view/naming';
import type { OperatorAmount, ShownStats } from '../../src/view/shownStats';
import type { Strings } from '../../src/view/strings';
import { unnamedState } from './rows';

/** An area of the picture that shows bytes to scale, and a row of the table that says the same. */
export interface Area {
  label: string;
  /** What the area is measured by. */
  bytes: number;
  /** What is said of it: others where a compressed file has fewer bytes than what it holds. */
  shownBytes: number;
  /** Where it leads: to a row of the table of operators, or to a file. Null for the rest that is summed up. */
  leads: { operator: string; state: string | null } | { file: string } | null;
  /** What else there is to say of it. */
  hint: string | null;
  /** Something is wrong with it. */
  isBad: boolean;
  parts: Area[];
}

/** More areas than these would be slivers that nobody can read or hit; the rest is one. */
const MOST_OPERATORS = 24;
const MOST_PARTS = 16;
const MOST_FILES = 160;
/** Below this share of the whole, areas are summed up with the others of their size. */
const SMALLEST_SHARE = 0.002;

const area = (label: string, bytes: number, leads: Area['leads'], hint: string | null = null): Area => ({
  ...{ label, bytes, shownBytes: bytes, leads, hint },
  isBad: false,
  parts: [],
});

/** Operators with their states, the largest first. Where the format mixes states, a count tells them apart. */
export function operatorAreas(
  { operators }: SnapshotDescription,
  stats: ShownStats | null,
  strings: Strings,
  more: (count: number) => string,
): Area[] {
  const counted = new Map((stats?.isComplete === true ? stats.operators : []).map((of) => [of.id, of]));
  const areas = operators.map((operator): Area => {
    const parts = partsOf(operator, counted.get(operator.id), strings);
    const { id, bytes } = operator;
    return {
      ...area(operatorTitle(operator), bytes, { operator: id, state: null }),
      parts: theLargest(parts, bytes, MOST_PARTS, more),
    };
  });
  const total = areas.reduce((sum, { bytes }) => sum + bytes, 0);
  return theLargest(areas, total, MOST_OPERATORS, more);
}

/** Files that the metadata names, the largest first. */
export function fileAreas({ files }: SnapshotDescription, strings: Strings, more: (count: number) => string): Area[] {
  const words = { found: null, missing: strings.fileMissing, moved: strings.fileMoved, changed: strings.fileChanged };
  const areas = sortFiles(files).map((file): Area => {
    const status = fileStatus(file);
    const path = file.location ?? file.path;
    return {
      ...area(lastPart(path), file.bytes, { file: path }, words[status]),
      isBad: status === 'missing' || status === 'changed',
    };
  });
  const total = areas.reduce((sum, { bytes }) => sum + bytes, 0);
  return theLargest(areas, total, MOST_FILES, more);
}

function partsOf(operator: OperatorDescription, counted: OperatorAmount | undefined, strings: Strings): Area[] {
  const { id, states } = operator;
  const unnamed = unnamedState(operator, strings).map(({ label, bytes, hint }) =>
    area(label, bytes, { operator: id, state: null }, hint),
  );
  const ofStates = operator.bytes - unnamed.reduce((sum, { bytes }) => sum + bytes, 0);
  const isMixed = states.some(({ bytes }) => bytes === null);
  if (isMixed && counted !== undefined && counted.bytes > 0) {
    // A compressed file is divided as what it holds is.
    const scale = Math.min(1, Math.max(0, ofStates) / counted.bytes);
    const named = counted.states.map(({ name, bytes }) => ({
      ...area(name, bytes * scale, { operator: id, state: name }, scale < 1 ? strings.dividedHint : null),
      shownBytes: bytes,
    }));
    const lost = states.filter(
      ({ name, readable }) => !readable && !counted.states.some((of) => of.name === name),
    ).length;
    const left = ofStates - counted.bytes * scale;
    const rest =
      lost === 0
        ? area(strings.framing, left, null, strings.framingHint)
        : area(lost === 1 ? strings.oneState : fill(strings.mixedStates, lost), left, null, strings.notCounted);
    return [...named, ...unnamed, rest];
  }
  const named = states.map(({ name, bytes }) => area(name, bytes ?? 0, { operator: id, state: name }));
  const left = ofStates - named.reduce((sum, { bytes }) => sum + bytes, 0);
  if (left <= 0) return [...named, ...unnamed];
  // Headers, and states whose bytes are mixed with others: there, but of no single state.
  const mixed = states.filter(({ bytes }) => bytes === null).length;
  const label = mixed === 0 ? strings.framing : mixed === 1 ? strings.oneState : fill(strings.mixedStates, mixed);
  const hint = mixed === 0 ? strings.framingHint : strings.mixedStatesHint;
  return [...named, ...unnamed, area(label, left, null, hint)];
}

/** Those that can be seen, the largest first, and the others as one. */
function theLargest(areas: readonly Area[], total: number, most: number, more: (count: number) => string): Area[] {
  const sized = areas.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes);
  let shown = Math.min(sized.length, most);
  while (shown > 1 && (sized[shown - 1]?.bytes ?? 0) < total * SMALLEST_SHARE) shown--;
  const rest = sized.slice(shown);
  // One alone takes no more room than the words that it is left out.
  if (rest.length <= 1) return sized;
  const bytes = rest.reduce((sum, one) => sum + one.bytes, 0);
  return [
    ...sized.slice(0, shown),
    { ...area(more(rest.length), bytes, null), isBad: rest.some(({ isBad }) => isBad) },
  ];
}
