/** Addresses that a page may load, as the webview gives them. */
export interface PageSources {
  cspSource: string;
  script: string;
  style: string;
  /** Random, for the script. */
  nonce: string;
  /** Random and another one: the toolkit asks for it by this name for the one style element that it makes. */
  styleNonce: string;
  language: string;
  title: string;
  /** Which page the script draws. */
  page: 'snapshot' | 'report' | 'compare';
}

/**
 * The page's document: a frame without content, filled by its script. The policy admits the one script by its nonce, styles
 * from the extension's own folder, and nothing else: no connection, no picture from elsewhere, no generated code.
 */
export function pageHtml(sources: PageSources): string {
  const policy = [
    "default-src 'none'",
    `style-src ${sources.cspSource} 'nonce-${sources.styleNonce}'`,
    `script-src 'nonce-${sources.nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${escapeHtml(sources.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${sources.styleNonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(sources.title)}</title>
<link rel="stylesheet" href="${escapeHtml(sources.style)}">
</head>
<body>
<div id="page" data-page="${sources.page}"></div>
<script nonce="${sources.nonce}" src="${escapeHtml(sources.script)}"></script>
</body>
</html>`;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
