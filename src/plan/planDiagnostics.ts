import * as vscode from 'vscode';
import { Disposables } from '../disposables';
import type { Problem } from '../engine/description';
import { EXTENSION_NAME } from '../ids';
import type { Log } from '../log';
import { isCancelled, toProblem } from '../rpc/problem';
import type { EngineClient } from '../worker/engineClient';
import { isPlan } from './planFiles';
import { problemRange } from './problemRange';

/** Milliseconds without a key before a plan is checked. */
const SETTLE_MS = 400;

/** Squiggles in plan files: what the engine finds wrong with a plan without reading entries. Each change checks it anew. */
export class PlanDiagnostics implements vscode.Disposable {
  private readonly disposables = new Disposables();
  private readonly found = this.disposables.add(vscode.languages.createDiagnosticCollection('savepoint-plan'));
  private readonly checks = new Map<string, { timer: NodeJS.Timeout; controller: AbortController }>();

  constructor(
    private readonly engine: EngineClient,
    private readonly log: Log,
  ) {
    const soon = (document: vscode.TextDocument): void => this.checkSoon(document);
    this.disposables.add(vscode.workspace.onDidOpenTextDocument(soon));
    this.disposables.add(vscode.workspace.onDidChangeTextDocument(({ document }) => soon(document)));
    // The snapshots that it names may have changed since.
    this.disposables.add(vscode.workspace.onDidSaveTextDocument(soon));
    this.disposables.add(vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)));
    for (const document of vscode.workspace.textDocuments) soon(document);
  }

  dispose(): void {
    for (const { timer, controller } of this.checks.values()) {
      clearTimeout(timer);
      controller.abort();
    }
    this.disposables.dispose();
  }

  private checkSoon(document: vscode.TextDocument): void {
    if (!isPlan(document)) return;
    const key = document.uri.toString();
    this.stop(key);
    const controller = new AbortController();
    const timer = setTimeout(() => void this.check(document, controller.signal), SETTLE_MS);
    this.checks.set(key, { timer, controller });
  }

  private async check(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const { version } = document;
    const text = document.getText();
    let problems: Problem[];
    try {
      problems = await this.engine.call('checkPlan', { text, file: document.uri.fsPath }, { signal });
    } catch (e) {
      if (!isCancelled(e)) this.log.failure('Checking a plan', toProblem(e));
      return;
    }
    if (signal.aborted || document.isClosed || document.version !== version) return;
    this.found.set(
      document.uri,
      problems.map((problem) => diagnosticOf(problem, document)),
    );
  }

  private forget(document: vscode.TextDocument): void {
    this.stop(document.uri.toString());
    this.found.delete(document.uri);
  }

  private stop(key: string): void {
    const check = this.checks.get(key);
    if (check === undefined) return;
    clearTimeout(check.timer);
    check.controller.abort();
    this.checks.delete(key);
  }
}

function diagnosticOf(problem: Problem, document: vscode.TextDocument): vscode.Diagnostic {
  const { from, to } = problemRange(document.getText(), problem);
  const message = problem.hint === null ? problem.message : `${problem.message}\n${problem.hint}`;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(document.positionAt(from), document.positionAt(to)),
    message,
    vscode.DiagnosticSeverity.Error,
  );
  diagnostic.source = EXTENSION_NAME;
  diagnostic.code = problem.code;
  return diagnostic;
}
