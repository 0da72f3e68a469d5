import type { OperatorDescription } from '../engine/description';
import { shortId } from './format';

/** What an operator is called: the name that Flink 2 writes, else its uid, else the person's own name for it, else its id. */
export function operatorTitle(operator: OperatorDescription): string {
  return operator.name ?? operator.uid ?? operator.given?.label ?? shortId(operator.id);
}

/** Last folder of a snapshot's path, whatever the separator: `savepoint-9f31c2-4be07d`, `chk-17`. */
export function snapshotName(metadataPath: string): string {
  const parts = metadataPath.split(/[\\/]/).filter((p) => p !== '');
  const last = parts.at(-1) ?? metadataPath;
  return last === '_metadata' ? (parts.at(-2) ?? last) : last;
}

/** The path without its last part. */
export function parentPath(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut <= 0 ? path.slice(0, Math.max(cut, 0) + (cut === 0 ? 1 : 0)) : path.slice(0, cut);
}

export function lastPart(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
