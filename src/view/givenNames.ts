import type { OperatorDescription, OperatorGiven, SnapshotDescription } from '../engine/description';
import { fill } from './format';
import { lastPart } from './naming';
import type { Strings } from './strings';

/** What the workspace says of one operator. */
export interface GivenName {
  /** Its hash is the operator's id; null where only something else is known. */
  readonly uid: string | null;
  readonly given: OperatorGiven;
}

/** By operator id. */
export type GivenNames = ReadonlyMap<string, GivenName>;

/** The snapshot with these names, and no others, for operators that it knows by their hash; itself where that changes nothing. */
export function withNames(snapshot: SnapshotDescription, names: GivenNames): SnapshotDescription {
  let isOther = false;
  const operators = snapshot.operators.map((operator) => {
    const { id, uid, given } = operator;
    const isNameless = uid === null || given !== undefined;
    const name = isNameless ? names.get(id) : undefined;
    if (!isNameless || isSame(operator, name)) return operator;
    isOther = true;
    const { given: _, ...bare } = operator;
    return name === undefined ? { ...bare, uid: null } : { ...bare, uid: name.uid, given: name.given };
  });
  return isOther ? { ...snapshot, operators } : snapshot;
}

function isSame({ uid, given }: OperatorDescription, name: GivenName | undefined): boolean {
  if (given === undefined || name === undefined) return given === undefined && name === undefined;
  return JSON.stringify({ uid, given }) === JSON.stringify(name);
}

/** Ids of the operators that have no name in the snapshot. */
export function namelessIds({ metadataVersion, operators }: SnapshotDescription): string[] {
  // The ids of Flink 1.2 are those of vertices, and no hashes of uids.
  return metadataVersion < 2
    ? []
    : operators.filter(({ uid, given }) => uid === null || given !== undefined).map(({ id }) => id);
}

/** Where the name of an operator comes from, that its snapshot does not have: `uid("users") at Jobs.java:42`; null where it has it. */
export function givenText({ uid, given }: OperatorDescription, strings: Strings): string | null {
  if (given === undefined) return null;
  const place = placeText(given);
  if (place === null) return strings.namedByHand;
  if (uid === null) return fill(strings.namedAt, place);
  return fill(given.by === 'plan' ? strings.namedInPlan : strings.namedInSources, uid, place);
}

/** `Jobs.java:42`; null for a name that stands in no file. */
export function placeText({ place }: OperatorGiven): string | null {
  return place === null ? null : `${lastPart(place.path)}:${place.line}`;
}

/** Whether a person may give it a name, which another name does not outweigh. */
export const isNameable = ({ id, uid, given }: OperatorDescription): boolean =>
  /^[0-9a-f]{32}$/.test(id) && (uid === null || given !== undefined);
