import * as vscode from 'vscode';
import { signalOf } from '../cancellation';
import { COMMANDS, PLAN_SUFFIX } from '../ids';
import { readPageSettings } from '../settings';
import { describePlace } from './describePlace';
import { isPlan } from './planFiles';
import type { PlanSnapshots } from './planSnapshots';
import { type Suggestion, suggest, wantsFile } from './suggest';

const PLANS: vscode.DocumentSelector = ['file', 'untitled'].map((scheme) => ({
  scheme,
  pattern: `**/*${PLAN_SUFFIX}`,
}));

/** What opens the list by itself: a value, a name, a field behind a dot. */
const TRIGGERS = ['"', ':', '.', ' '];

/** Completion, hovers and code lenses of plan files. What the schema of plans says, VS Code's own JSON support adds. */
export function registerPlanLanguage(snapshots: PlanSnapshots): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(PLANS, new PlanCompletion(snapshots), ...TRIGGERS),
    vscode.languages.registerHoverProvider(PLANS, new PlanHover(snapshots)),
    vscode.languages.registerCodeLensProvider(PLANS, new PlanLenses()),
  );
}

const KINDS: Record<Suggestion['kind'], vscode.CompletionItemKind> = {
  operator: vscode.CompletionItemKind.Class,
  state: vscode.CompletionItemKind.Struct,
  field: vscode.CompletionItemKind.Field,
  value: vscode.CompletionItemKind.Value,
  constant: vscode.CompletionItemKind.EnumMember,
  file: vscode.CompletionItemKind.File,
  variable: vscode.CompletionItemKind.Variable,
  type: vscode.CompletionItemKind.TypeParameter,
};

class PlanCompletion implements vscode.CompletionItemProvider {
  constructor(private readonly snapshots: PlanSnapshots) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem[]> {
    const { signal, dispose } = signalOf(token);
    try {
      const [text, offset] = [document.getText(), document.offsetAt(position)];
      const [known, types, files] = await Promise.all([
        this.snapshots.load(document, signal),
        this.snapshots.types(),
        wantsFile(text, offset) ? this.snapshots.files(document) : { paths: [], dataFiles: [] },
      ]);
      if (token.isCancellationRequested) return [];
      const sources = { snapshots: known, types, ...files, t: vscode.l10n.t };
      return suggest(text, offset, sources).map((found, i) => completionItem(found, i, document));
    } finally {
      dispose();
    }
  }
}

function completionItem(
  { kind, label, detail, insert, from, to, filter }: Suggestion,
  index: number,
  document: vscode.TextDocument,
): vscode.CompletionItem {
  const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
  const item = new vscode.CompletionItem({ label, description: detail }, KINDS[kind]);
  item.insertText = insert;
  item.range = range;
  // What is there already begins with the quote that stands in the range.
  item.filterText = filter ?? (kind === 'variable' ? label : insert);
  // Before the words that VS Code finds in the text.
  item.sortText = `0${String(index).padStart(5, '0')}`;
  return item;
}

class PlanHover implements vscode.HoverProvider {
  constructor(private readonly snapshots: PlanSnapshots) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const { signal, dispose } = signalOf(token);
    try {
      const known = await this.snapshots.load(document, signal);
      if (token.isCancellationRequested) return null;
      const { sizeUnits: units, locale } = readPageSettings();
      const options = { snapshots: known, t: vscode.l10n.t, units, locale };
      const found = describePlace(document.getText(), document.offsetAt(position), options);
      if (found === null) return null;
      // Names and types were written by others: as text, never as Markdown.
      const content = new vscode.MarkdownString('', false);
      content.appendMarkdown('**').appendText(found.title).appendMarkdown('**');
      if (found.type !== null) content.appendCodeblock(found.type, 'text');
      for (const line of found.lines) content.appendMarkdown('\n\n').appendText(line);
      const range = new vscode.Range(document.positionAt(found.from), document.positionAt(found.to));
      return new vscode.Hover(content, range);
    } finally {
      dispose();
    }
  }
}

class PlanLenses implements vscode.CodeLensProvider {
  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    if (!isPlan(document)) return [];
    const line = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, tooltip: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(line, { title, tooltip, command, arguments: [document.uri] });
    return [
      lens(
        `$(beaker) ${vscode.l10n.t('Dry run')}`,
        vscode.l10n.t('Show what the plan changes, without writing anything'),
        COMMANDS.dryRunPlan,
      ),
      lens(
        `$(play) ${vscode.l10n.t('Run…')}`,
        vscode.l10n.t('Write the new snapshot to a new folder, and prove it'),
        COMMANDS.runPlan,
      ),
      lens(`$(add) ${vscode.l10n.t('Add step…')}`, vscode.l10n.t('Choose one more change'), COMMANDS.addPlanStep),
    ];
  }
}
