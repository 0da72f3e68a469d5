import { isNode, nodeTarget, nodeUri } from '../tree/nodes';
import type { CommandHandler } from './services';

/** Of a node of the tree: its snapshot in an editor, at the row of the node. */
export const openInEditor: CommandHandler = async ({ editors }, argument) => {
  if (!isNode(argument)) return;
  const uri = nodeUri(argument);
  if (uri !== null) await editors.open(uri, nodeTarget(argument) ?? undefined);
};
