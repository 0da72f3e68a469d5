import * as vscode from 'vscode';
import { signalOf } from '../cancellation';
import { EngineError } from '../engine/bytes/engineError';
import { VALUE_SCHEME } from '../ids';
import { toProblem } from '../rpc/problem';
import type { OpenValue } from '../view/shownRows';
import type { EngineClient } from '../worker/engineClient';
import type { OfSnapshot } from '../worker/workerProtocol';

/** A value of a snapshot: all that it takes to read it again. */
type ValuePlace = OpenValue & OfSnapshot;

const SUFFIXES: Readonly<Record<OpenValue['as'], string>> = { json: 'json', text: 'txt', hex: 'hex.txt' };

/**
 * Values in read-only editors of their own, which VS Code can search, fold and copy from. The address of such a document says
 * where its value lies, so that one that a window had open is read again.
 */
export class ValueDocuments implements vscode.TextDocumentContentProvider {
  constructor(private readonly engine: EngineClient) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(VALUE_SCHEME, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri, token: vscode.CancellationToken): Promise<string> {
    const { signal, dispose } = signalOf(token);
    try {
      return await this.engine.call('valueText', placeOf(uri), { signal });
    } catch (e) {
      // What is thrown here would be shown by nobody.
      return toProblem(e).message;
    } finally {
      dispose();
    }
  }
}

/** Shows a value beside what is in front. */
export async function openValue(place: ValuePlace): Promise<void> {
  const { target, column, as } = place;
  const name = [target.state, column ?? 'entry', `${place.place.block}-${place.place.index}`].join(' · ');
  const path = `/${name.replaceAll('/', '∕')}.${SUFFIXES[as]}`;
  const uri = vscode.Uri.from({ scheme: VALUE_SCHEME, path, query: JSON.stringify(place) });
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
}

/** Addresses may come from anywhere: a link, another extension. */
function placeOf(uri: vscode.Uri): ValuePlace {
  const bad = new EngineError('BAD_ARGUMENT', 'The address names no value of a snapshot.');
  let place: Partial<ValuePlace> | null;
  try {
    place = JSON.parse(uri.query) as Partial<ValuePlace> | null;
  } catch {
    throw bad;
  }
  const { path, target, as } = place ?? {};
  if (typeof path !== 'string' || typeof target !== 'object' || as === undefined || !Object.hasOwn(SUFFIXES, as)) {
    throw bad;
  }
  return place as ValuePlace;
}
