import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readJson, root, sourcesBelow } from './sources';

const BUNDLE = 'l10n/bundle.l10n.json';

/** Arguments of `t('…')` and `vscode.l10n.t('…')`: the texts that translators get. */
function texts(): string[] {
  const found = new Set<string>();
  for (const [file, source] of sourcesBelow('src')) {
    if (file.startsWith(path.join('src', 'engine')) || file.startsWith(path.join('src', 'cli'))) continue;
    for (const [, single, double] of source.matchAll(/\bt\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g)) {
      found.add((single ?? double ?? '').replaceAll("\\'", "'"));
    }
  }
  return [...found].sort();
}

describe('texts to translate', () => {
  it('are all in the bundle (UPDATE_L10N=1 writes it)', () => {
    const bundle = Object.fromEntries(texts().map((text) => [text, text]));
    if (process.env['UPDATE_L10N'] === '1') {
      writeFileSync(path.join(root, BUNDLE), `${JSON.stringify(bundle, null, 2)}\n`);
    }
    expect(readJson(BUNDLE)).toEqual(bundle);
    expect(Object.keys(bundle).length).toBeGreaterThan(150);
  });

  it('are written out where they are used, never put together', () => {
    for (const [file, source] of sourcesBelow('src')) {
      if (file.startsWith(path.join('src', 'engine')) || file.startsWith(path.join('src', 'cli'))) continue;
      expect(source.match(/\bl10n\.t\(\s*[^'"\s)]/g) ?? [], file).toEqual([]);
    }
  });
});

describe('texts of a page', () => {
  it('are all used', () => {
    const source = sourcesBelow('src', 'webview');
    const strings = source.get(path.join('src', 'view', 'strings.ts')) ?? '';
    const users = [...source]
      .filter(([file]) => !file.endsWith(path.join('view', 'strings.ts')))
      .map(([, text]) => text)
      .join('\n');
    // Above it stand the words for kinds of state and of backends, which are looked up by kind.
    const own = strings.slice(strings.indexOf('return {'));
    const counted = source.get(path.join('src', 'view', 'statsStrings.ts')) ?? '';
    const names = [own, counted].flatMap((text) => [...text.matchAll(/^ {2,4}(\w+): t\(/gm)].map((m) => m[1] ?? ''));
    expect(names.length).toBeGreaterThan(80);
    expect(names.filter((name) => !new RegExp(`\\b(strings|words)\\.${name}\\b`).test(users))).toEqual([]);
  });
});
