import * as vscode from 'vscode';
import { COMMANDS } from '../ids';
import { type Node, nodeUri } from './nodes';

const URIS = 'text/uri-list';

/** Folders and files that are dropped on the tree are opened; snapshots can be dragged from it, into an editor or a terminal. */
export class SnapshotDrops implements vscode.TreeDragAndDropController<Node> {
  readonly dropMimeTypes = [URIS];
  readonly dragMimeTypes = [URIS];

  handleDrag(nodes: readonly Node[], transfer: vscode.DataTransfer): void {
    const uris = nodes.map(nodeUri).filter((uri) => uri !== null);
    if (uris.length > 0) transfer.set(URIS, new vscode.DataTransferItem(uris.map(String).join('\r\n')));
  }

  async handleDrop(_target: Node | undefined, transfer: vscode.DataTransfer): Promise<void> {
    const list = await transfer.get(URIS)?.asString();
    for (const uri of urisIn(list ?? '')) await vscode.commands.executeCommand(COMMANDS.openResource, uri);
  }
}

/** Lines of a list as RFC 2483 has it: those that begin with a number sign are comments. */
function urisIn(list: string): vscode.Uri[] {
  return list
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => vscode.Uri.parse(line, true));
}
