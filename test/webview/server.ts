import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type PageSources, pageHtml } from '../../src/editor/html';

export type PageName = PageSources['page'];

/** Who stands in for the extension. */
const HOSTS: Record<PageName, string> = {
  snapshot: 'fakeHost',
  report: 'fakeReportHost',
  compare: 'fakeCompareHost',
};

export interface PageServer {
  /** `page`: which page the script draws, and who stands in for the extension. */
  url(scenario: string, theme?: string, page?: PageName): string;
  close(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** Serves the page, built anew, under its own content security policy, with a stand-in for the extension. */
export async function servePage(): Promise<PageServer> {
  const out = await mkdtemp(join(tmpdir(), 'savepoint-page-'));
  const options = { bundle: true, format: 'iife', platform: 'browser', logLevel: 'error' } as const;
  await build({ ...options, entryPoints: [join(ROOT, 'webview/main.ts')], outfile: join(out, 'main.js') });
  for (const host of Object.values(HOSTS))
    await build({ ...options, entryPoints: [join(ROOT, `test/webview/${host}.ts`)], outfile: join(out, `${host}.js`) });

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const send = (type: string, body: string | Buffer): void => {
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
      response.end(body);
    };
    const sendFile = (type: string, file: string): void => {
      readFile(file).then(
        (body) => send(type, body),
        () => response.writeHead(404).end(),
      );
    };
    if (pathname === '/') {
      const asked = searchParams.get('page');
      const name = asked === 'report' || asked === 'compare' ? asked : 'snapshot';
      return send('text/html', page(searchParams.get('theme') ?? 'dark-modern', name));
    }
    if (pathname.endsWith('.js')) return sendFile('text/javascript', join(out, pathname));
    if (pathname.startsWith('/themes/')) return sendFile('text/css', join(import.meta.dirname, pathname));
    if (pathname.endsWith('.css')) return sendFile('text/css', join(out, pathname));
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function page(theme: string, name: PageName): string {
    const nonce = randomBytes(18).toString('base64');
    const html = pageHtml({
      cspSource: origin,
      script: '/main.js',
      style: '/main.css',
      nonce,
      styleNonce: randomBytes(18).toString('base64'),
      language: 'en',
      title: 'Snapshot',
      page: name,
    });
    // What VS Code itself puts into a webview: the theme's variables, its class on the body, and its API.
    const kind = {
      'dark-modern': 'vscode-dark',
      'light-modern': 'vscode-light',
      'hc-black': 'vscode-high-contrast',
      'hc-light': 'vscode-high-contrast-light',
    }[theme];
    return html
      .replace('<link ', `<link rel="stylesheet" href="/themes/${theme}.css">\n<link `)
      .replace(
        '<body>',
        `<body class="${kind}" data-vscode-theme-kind="${kind}">\n<script nonce="${nonce}" src="/${HOSTS[name]}.js"></script>`,
      );
  }

  return {
    url: (scenario, theme = 'dark-modern', page = 'snapshot') =>
      `${origin}/?scenario=${scenario}&theme=${theme}&page=${page}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(out, { recursive: true, force: true });
    },
  };
}
