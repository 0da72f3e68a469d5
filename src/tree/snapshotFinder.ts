import * as vscode from 'vscode';
import type { EngineClient } from '../worker/engineClient';
import type { FoundFile } from './grouping';

/** Every file named `_metadata` in the workspace; what is excluded from the workspace's files is left out. */
export async function findSnapshots(engine: EngineClient, signal: AbortSignal): Promise<FoundFile[]> {
  const cancellation = new vscode.CancellationTokenSource();
  const cancel = (): void => cancellation.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const uris = (await vscode.workspace.findFiles('**/_metadata', undefined, undefined, cancellation.token)).filter(
      (uri) => uri.scheme === 'file',
    );
    const paths = uris.map((uri) => uri.fsPath);
    const [kinds, times] = await Promise.all([
      engine.call('classify', { paths }, { signal }),
      Promise.all(uris.map(modifiedAt)),
    ]);
    return paths.flatMap((path, i) => {
      const is = kinds[i];
      return is === undefined ? [] : [{ path, modified: times[i] ?? 0, is }];
    });
  } finally {
    signal.removeEventListener('abort', cancel);
    cancellation.dispose();
  }
}

/** A file that vanished in between is told of by its kind; it has no time. */
async function modifiedAt(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).mtime;
  } catch {
    return 0;
  }
}
