import * as path from 'node:path';
import * as vscode from 'vscode';
import { EngineError } from '../engine/bytes/engineError';
import type { MetadataVersion } from '../engine/metadata/model';
import { folderOfPlan, isPlan, nameInPlan, pathOfPlan, placeOfNewPlan, showNewPlan } from './planFiles';
import { addStep, type PlanStepJson, planText } from './planText';
import { PlanTree } from './planTree';

/** How often an edit is tried. */
const EDIT_ATTEMPTS = 5;

/** Where a step goes that a person is being asked for. */
export interface PlanTarget {
  /** What the names of files in the step are relative to. */
  folder: string;
  /** Puts the step there, shows the plan and selects the step. A new plan gets the metadata version. */
  add(step: PlanStepJson, metadataVersion?: MetadataVersion): Promise<void>;
}

/**
 * A plan about a snapshot (its folder or file; null to start from nothing) for one more step: the given one, else one that is
 * open, else a new one, whose name begins with `what`.
 */
export async function planFor(snapshot: string | null, what: string, given?: vscode.TextDocument): Promise<PlanTarget> {
  const open = given ?? openPlanAbout(snapshot);
  if (open !== undefined && new PlanTree(open.getText()).at(['steps'])?.type === 'array') {
    return { folder: folderOfPlan(open), add: (step) => addTo(open, step) };
  }
  const place = await placeOfNewPlan(snapshot, what);
  const folder = path.dirname(place.fsPath);
  return {
    folder,
    add: async (step, metadataVersion) => {
      const from = snapshot === null ? null : nameInPlan(folder, snapshot);
      const text = planText({ from, metadataVersion, steps: [step], comment: commentOf(from) });
      selectLast(await showNewPlan(place, text));
    },
  };
}

async function addTo(plan: vscode.TextDocument, step: PlanStepJson): Promise<void> {
  // Where it is open already, whichever group is in front.
  const group = groupsWith(plan.uri)[0];
  const viewColumn = group?.viewColumn ?? vscode.ViewColumn.Active;
  const editor = await vscode.window.showTextDocument(plan, { preview: false, viewColumn });
  // An edit is turned down when the text changed on its way: by a save that formats, by a hand on the keyboard.
  for (let attempt = 0; attempt < EDIT_ATTEMPTS; attempt++) {
    const edit = addStep(plan.getText(), step);
    if (edit === null) return;
    const { offset, length, insert } = edit;
    const range = new vscode.Range(plan.positionAt(offset), plan.positionAt(offset + length));
    if (await editor.edit((builder) => builder.replace(range, insert))) {
      selectLast(editor);
      return;
    }
  }
  throw new EngineError('FILE_CHANGED', 'The plan changes all the time, so that the step could not be added to it.', {
    file: plan.uri.fsPath,
    hint: 'Save the plan, then try again.',
  });
}

/** What stands at the head of a new plan. */
export const commentOf = (from: string | null): string[] => [
  from === null
    ? vscode.l10n.t('A plan: it makes a new snapshot.')
    : vscode.l10n.t('A plan: it makes a new snapshot, and only reads the one that it starts from.'),
  vscode.l10n.t('“Dry run” above this line shows what would change.'),
];

function openPlanAbout(snapshot: string | null): vscode.TextDocument | undefined {
  if (snapshot === null) return undefined;
  return vscode.workspace.textDocuments.find((document) => {
    // A document stays for a while after its last tab was closed.
    if (!isPlan(document) || groupsWith(document.uri).length === 0) return false;
    const { from } = new PlanTree(document.getText());
    return from !== null && pathOfPlan(document, from) === path.resolve(snapshot);
  });
}

function groupsWith(uri: vscode.Uri): vscode.TabGroup[] {
  const isOf = ({ input }: vscode.Tab): boolean =>
    input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  return vscode.window.tabGroups.all.filter(({ tabs }) => tabs.some(isOf));
}

/** The value that the last step puts, which is what a person changes next; of another step all of it. */
function selectLast(editor: vscode.TextEditor): void {
  const { document } = editor;
  const step = new PlanTree(document.getText()).steps.at(-1);
  if (step === undefined) return;
  const field = (name: string) =>
    step.content?.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
  const value = field('value') ?? field('set');
  const { offset, length } = value ?? step.node;
  editor.selection = new vscode.Selection(document.positionAt(offset), document.positionAt(offset + length));
  editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
