import { describe, expect, it } from 'vitest';
import { pageHtml } from '../../src/editor/html';

const html = pageHtml({
  cspSource: 'https://webview.test',
  script: 'https://webview.test/main.js',
  style: 'https://webview.test/main.css',
  nonce: 'SCRIPT',
  styleNonce: 'STYLE',
  language: 'en',
  page: 'snapshot',
  title: `"><script>alert(1)</script>`,
});

describe('the document of a page', () => {
  it('admits its script, its styles, and nothing else', () => {
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      "style-src https://webview.test 'nonce-STYLE'",
      "script-src 'nonce-SCRIPT'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(policy).not.toMatch(/unsafe|\*|data:|blob:/);
  });

  it('has one script, no inline style, and takes no name as markup', () => {
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="SCRIPT" src="https://webview.test/main.js">');
    expect(html).not.toMatch(/style="|<style/);
    expect(html).toContain('&quot;&gt;&lt;script&gt;');
  });
});
