import type { OperatorDescription, SnapshotDescription, StateDescription } from '../engine/description';
import { operatorName } from '../engine/operatorName';
import type { FoundName } from '../names/find/candidate';
import { bytesText } from './bytesText';
import { printable } from './printable';
import { problemLines } from './problemText';

/** `inspect` for people: facts first, then each operator with its states, then files and problems. */
export function inspectText(snapshot: SnapshotDescription, names: ReadonlyMap<string, FoundName> | null): string {
  const lines = [
    snapshot.path,
    `${kindText(snapshot)} · metadata version ${snapshot.metadataVersion} (${snapshot.writtenBy}) · checkpoint ${snapshot.checkpointId} · ${bytesText(snapshot.bytes)}`,
  ];
  for (const operator of snapshot.operators) lines.push('', ...operatorLines(operator, names?.get(operator.id)));
  for (const m of snapshot.masterStates) lines.push('', `master state ${m.name} · ${bytesText(m.bytes)}`);
  if (snapshot.files.length > 0) {
    lines.push('', `${snapshot.files.length} files`);
    for (const f of snapshot.files) {
      const note = !f.found ? ' · MISSING' : f.moved ? ` · moved to ${f.location ?? ''}` : '';
      const size = f.actualBytes === null ? '' : ` · ${bytesText(f.actualBytes)} on disk`;
      lines.push(`  ${f.path} · ${bytesText(f.bytes)}${size}${note}`);
    }
  }
  if (snapshot.problems.length > 0) lines.push('', 'problems', ...snapshot.problems.flatMap(problemLines));
  return `${lines.map(printable).join('\n')}\n`;
}

function kindText({ kind, format, incremental }: SnapshotDescription): string {
  const words = [
    format === 'unknown' ? '' : format,
    incremental ? 'incremental' : '',
    kind === 'unknown' ? 'snapshot' : kind,
  ];
  return words.filter((w) => w !== '').join(' ');
}

function operatorLines(operator: OperatorDescription, given: FoundName | undefined): string[] {
  const title = operatorName(operator);
  const facts = [
    operator.uid === null ? givenFact(given) : `uid ${operator.uid}`,
    title === operator.id ? null : operator.id,
    `parallelism ${operator.parallelism} of ${operator.maxParallelism}`,
    operator.fullyFinished ? 'finished' : `${operator.subtasks} subtasks with state`,
    bytesText(operator.bytes),
  ];
  const lines = [`${title} · ${facts.filter((f) => f !== null).join(' · ')}`];
  if (operator.keyType !== null) lines.push(`  key ${operator.keyType}`);
  lines.push(...operator.states.map(stateLine));
  const extra: [string, number][] = [
    ['coordinator state', operator.coordinatorBytes],
    ['channel state', operator.channelStateBytes],
    ['raw keyed state', operator.rawKeyedBytes],
    ['raw operator state', operator.rawOperatorBytes],
    ['legacy state', operator.legacyBytes],
  ];
  for (const [what, bytes] of extra) if (bytes > 0) lines.push(`  ${what} · ${bytesText(bytes)}`);
  lines.push(...operator.problems.flatMap(problemLines));
  return lines;
}

/** The uid whose hash the operator's id is, and where it stands. */
function givenFact(given: FoundName | undefined): string | null {
  if (given === undefined) return null;
  return `${given.uid === null ? 'named' : `uid ${given.uid}`} at ${given.path}:${given.line}`;
}

function stateLine(state: StateDescription): string {
  const namespace = state.namespaceType === null ? '' : ` · namespace ${state.namespaceType}`;
  const size = state.bytes === null ? '' : ` · ${bytesText(state.bytes)}`;
  const count = state.entries === null ? '' : ` · ${state.entries} entries`;
  const why = state.readable ? '' : ` · unreadable: ${state.why ?? 'unknown serializer'}`;
  return `  ${state.name} · ${state.kind} · ${state.backend}${namespace} · ${state.type}${count}${size}${why}`;
}
