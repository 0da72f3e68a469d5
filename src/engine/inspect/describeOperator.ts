import { EngineError } from '../bytes/engineError';
import type { OperatorDescription, Problem, StateDescription } from '../description';
import { bytesAt, keyedPieces, type StatePiece, totalBytes, unwrapStream } from '../metadata/handles';
import type { StreamHandle } from '../metadata/model';
import type { OpenedSubtask, SnapshotOperator, SnapshotSubtask } from '../snapshot';
import { spellType } from '../types/typeInfo';
import { addSubtask, describeState } from './describeState';
import { finding, problemOf, worstFirst } from './problems';

/** Subtasks of one operator whose headers are read; of more, these many, spread over all. */
const MAX_SUBTASKS = 64;
/** Headers that are read at the same time. */
const CONCURRENCY = 8;

type Place = StatePiece['at'];

/** Reads the headers of an operator's subtasks and says what they hold. */
export async function describeOperator(operator: SnapshotOperator, signal?: AbortSignal): Promise<OperatorDescription> {
  const { state, subtasks } = operator;
  const problems: Problem[] = [];
  const states = new Map<string, StateDescription>();
  let keyType: string | null = null;
  const chosen = spread(subtasks.filter(hasHeaders), MAX_SUBTASKS);
  const opened = await inParallel(chosen, (subtask) => subtask.open(signal));
  for (const [i, { parts, failures }] of opened.entries()) {
    for (const { what, error } of failures)
      problems.push(problemOf(error, 'error', `subtask ${chosen[i].index} / ${what}`));
    for (const part of parts) {
      if (part.key !== null) keyType ??= spellType(part.key.type);
      for (const found of part.states) {
        const description = describeState(found, part);
        const id = `${description.backend} ${description.name}`;
        const known = states.get(id);
        if (known === undefined) states.set(id, description);
        else addSubtask(known, description);
      }
    }
  }
  const all = subtasks.filter(hasHeaders).length;
  if (chosen.length < all) {
    problems.push(finding('info', 'SAMPLED', `The headers of ${chosen.length} of ${all} subtasks were read.`));
  }
  problems.push(...unreadable(states.values()));
  const subtaskBytes = subtasks.map((s) => ({ subtask: s.index, bytes: totalBytes(placesOf(s)) }));
  const coordinatorBytes = state.coordinatorState === null ? 0 : bytesAt(state.coordinatorState);
  return {
    id: operator.id,
    uid: operator.uid,
    name: operator.name,
    parallelism: state.parallelism,
    maxParallelism: state.maxParallelism,
    subtasks: subtasks.filter((s) => placesOf(s).length > 0).length,
    fullyFinished: state.fullyFinished,
    finishedSubtasks: state.subtasks.filter((s) => s.finished).length,
    keyType,
    bytes: totalBytes(subtasks.flatMap(placesOf)) + coordinatorBytes,
    subtaskBytes: subtaskBytes.sort((a, b) => a.subtask - b.subtask),
    coordinatorBytes,
    channelStateBytes: totalBytes(subtasks.flatMap(channelPlaces)),
    rawKeyedBytes: totalBytes(subtasks.flatMap((s) => [...keyedPieces(s.rawKeyedState)])),
    rawOperatorBytes: totalBytes(subtasks.flatMap((s) => plain(s.rawOperatorState?.stream ?? null))),
    legacyBytes: totalBytes(subtasks.flatMap((s) => s.legacyState.flatMap(plain))),
    states: [...states.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    problems: worstFirst(problems),
  };
}

function hasHeaders(subtask: SnapshotSubtask): boolean {
  return subtask.managedOperatorState !== null || subtask.managedKeyedState !== null || subtask.rawKeyedState !== null;
}

/** One warning for each reason, with the states that it concerns. */
function unreadable(states: Iterable<StateDescription>): Problem[] {
  const byReason = new Map<string, string[]>();
  for (const { why, name } of states) {
    if (why !== null) byReason.set(why, [...(byReason.get(why) ?? []), name]);
  }
  return [...byReason].map(([why, names]) =>
    problemOf(new EngineError('UNREADABLE', why), 'warning', `state ${names.join(', ')}`),
  );
}

function placesOf(subtask: SnapshotSubtask): Place[] {
  return [
    ...plain(subtask.managedOperatorState?.stream ?? null),
    ...plain(subtask.rawOperatorState?.stream ?? null),
    ...keyedPieces(subtask.managedKeyedState),
    ...keyedPieces(subtask.rawKeyedState),
    ...subtask.legacyState.flatMap(plain),
    ...channelPlaces(subtask),
  ];
}

function channelPlaces({ state }: SnapshotSubtask): Place[] {
  return [...state.inputChannelState, ...state.resultSubpartitionState].flatMap((channel) => plain(channel.stream));
}

function plain(stream: StreamHandle | null): Place[] {
  const inner = unwrapStream(stream);
  return inner === null ? [] : [inner];
}

/** At most `most` of the items, evenly spread. */
function spread<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]);
}

async function inParallel(
  items: readonly SnapshotSubtask[],
  open: (subtask: SnapshotSubtask) => Promise<OpenedSubtask>,
): Promise<OpenedSubtask[]> {
  const results: OpenedSubtask[] = [];
  for (let from = 0; from < items.length; from += CONCURRENCY) {
    results.push(...(await Promise.all(items.slice(from, from + CONCURRENCY).map(open))));
  }
  return results;
}
