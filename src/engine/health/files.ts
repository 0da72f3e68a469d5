import type { FileDescription, SnapshotDescription } from '../description';
import { found, type HealthFinding } from './finding';

/** What the files of a snapshot mean for a restore, and for a copy of it. */
export function fileFindings({ files, incremental, kind, operators }: SnapshotDescription): HealthFinding[] {
  if (files.length === 0) return [found('ok', 'NO_FILES')];
  const missing = files.filter((file) => !file.found);
  const changed = files.filter(({ found: isThere, actualBytes }) => isThere && actualBytes !== null);
  const findings: HealthFinding[] = [];
  if (missing.length > 0) findings.push(ofFiles('FILES_MISSING', missing));
  if (changed.length > 0) findings.push(ofFiles('FILES_CHANGED', changed));
  if (missing.length + changed.length === 0) findings.push(found('ok', 'FILES_FOUND', { values: [files.length] }));
  const moved = files.filter((file) => file.moved);
  const absolute = files.filter(({ path }) => isAbsolute(path));
  const copy = { remedy: 'copySnapshot' } as const;
  if (moved.length > 0) findings.push(found('warning', 'MOVED', { values: [moved.length], ...copy }));
  else if (absolute.length > 0) findings.push(found('info', 'ABSOLUTE_PATHS', { values: [absolute.length], ...copy }));
  else if (missing.length === 0) findings.push(found('ok', 'SELF_CONTAINED'));
  // A native savepoint has files of the same kind, but all of them are its own.
  if (incremental && kind !== 'savepoint') findings.push(found('info', 'SHARED_FILES', copy));
  const logged = operators.filter(({ states }) => states.some(({ backend }) => backend === 'changelog'));
  if (logged.length > 0) findings.push(found('info', 'CHANGELOG', { operators: logged.map(({ id }) => id), ...copy }));
  return findings;
}

function ofFiles(code: 'FILES_MISSING' | 'FILES_CHANGED', files: readonly FileDescription[]): HealthFinding {
  return found('error', code, { values: [files.length, files[0].path], remedy: 'showFiles' });
}

/** With a scheme, from the root, or on a drive: not beside the metadata. */
const isAbsolute = (path: string): boolean => /^(?:[a-z][a-z\d+.-]*:|[\\/])/i.test(path);
