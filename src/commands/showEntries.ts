import type { RowContext } from '../protocol';
import { isNode } from '../tree/nodes';
import type { StateTarget } from '../view/shownEntries';
import type { CommandHandler } from './services';

/** Of a state in the tree, or of a row of the editor that is in front: its entries. */
export const showEntries: CommandHandler = async ({ editors }, argument) => {
  if (isNode(argument)) {
    if (argument.kind !== 'state') return;
    const { operator, state, snapshot } = argument;
    await editors.showEntries(snapshot.uri, { operator: operator.id, state: state.name, backend: state.backend });
    return;
  }
  const target = targetOfRow(argument);
  if (target !== null) editors.active?.tell('showEntries', target);
};

function targetOfRow(argument: unknown): StateTarget | null {
  if (typeof argument !== 'object' || argument === null || !('webviewSection' in argument)) return null;
  const { webviewSection, operatorId, name, backend } = argument as Partial<RowContext>;
  if (webviewSection !== 'state' || operatorId === undefined || name === undefined || backend === undefined)
    return null;
  return { operator: operatorId, state: name, backend };
}
