import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type PageSources, pageHtml } from './html';

/** Loads a page of the extension into a webview, which gets at the built files and nothing else. */
export function showPage(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  { page, title }: Pick<PageSources, 'page' | 'title'>,
): void {
  const built = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  webview.options = { enableScripts: true, localResourceRoots: [built] };
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(built, 'main.js')).toString(),
    style: webview.asWebviewUri(vscode.Uri.joinPath(built, 'main.css')).toString(),
    nonce: randomBytes(18).toString('base64'),
    styleNonce: randomBytes(18).toString('base64'),
    language: vscode.env.language,
    title,
    page,
  });
}
