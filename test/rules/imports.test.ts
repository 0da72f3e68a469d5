import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Import, importsOf, readImports } from './imports';

const root = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

const builtIn = new Set(builtinModules.flatMap((name) => [name, `node:${name}`]));
const within = (target: string, ...folders: string[]) =>
  folders.some((f) => target === f || target.startsWith(`${f}/`));
/** A line for each import that breaks the rule, so that a failure names file and import. */
const offences = (imports: Import[], allowed: (i: Import) => boolean) =>
  imports.filter((i) => !allowed(i)).map((i) => `${i.file} imports ${i.target}`);

const source = readImports(root, 'src');
const engine = source.filter((i) => within(i.file, 'src/engine'));
const webview = readImports(root, 'webview');

describe('imports point inward', () => {
  it('there are imports to look at', () => {
    expect(engine.length).toBeGreaterThan(50);
    expect(source.length).toBeGreaterThan(engine.length);
    expect(webview.length).toBeGreaterThan(0);
  });

  it('the engine stands on itself, its libraries, and a few of Node’s modules that every host of it has', () => {
    const libraries = Object.keys(manifest.dependencies);
    const portable = ['node:zlib'];
    const ofTheDisk = ['node:fs', 'node:fs/promises', 'node:path', 'node:os', 'node:crypto'];
    expect(
      offences(engine, ({ file, target }) => {
        if (within(target, 'src')) return within(target, 'src/engine');
        if (builtIn.has(target)) {
          const disk = /^src\/engine\/storage\/node[^/]*\.ts$/.test(file);
          return portable.includes(target) || (disk && ofTheDisk.includes(target));
        }
        return libraries.some((name) => within(target, name));
      }),
    ).toEqual([]);
  });

  it('only the extension’s own process speaks to VS Code', () => {
    const apart = source.filter((i) =>
      within(i.file, 'src/engine', 'src/threads', 'src/cli', 'src/worker', 'src/rpc', 'src/view', 'src/names/find'),
    );
    expect(offences(apart, ({ target }) => target !== 'vscode')).toEqual([]);
  });

  it('the extension takes nothing from the webview', () => {
    expect(offences(source, ({ target }) => !within(target, 'webview'))).toEqual([]);
  });

  it('the command line and the worker do not reach into the extension', () => {
    const apart = source.filter((i) => within(i.file, 'src/cli', 'src/worker'));
    const glue = ['src/extension', 'src/editor', 'src/tree', 'src/commands', 'src/plan', 'src/forms', 'src/report'];
    const isGlue = (target: string) =>
      within(target, ...glue) || (within(target, 'src/names') && !within(target, 'src/names/find'));
    expect(offences(apart, ({ target }) => !isGlue(target))).toEqual([]);
  });

  it('threads know the engine and nothing of what they are used for', () => {
    const threads = source.filter((i) => within(i.file, 'src/threads'));
    expect(threads.length).toBeGreaterThan(0);
    expect(
      offences(threads, ({ target }) => builtIn.has(target) || within(target, 'src/threads', 'src/engine')),
    ).toEqual([]);
  });

  it('the webview knows its own files, the protocol, and of the engine only words: types, the error, the spelling', () => {
    expect(
      offences(webview, ({ target, typeOnly }) => {
        if (within(target, 'webview')) return true;
        if (['src/protocol', 'src/ids'].includes(target) || within(target, 'src/rpc', 'src/view')) return true;
        if (within(target, 'src/engine')) return typeOnly || WORDS.includes(target);
        return within(target, 'msgpackr') || target === TOOLKIT;
      }),
    ).toEqual([]);
  });

  it('words bring no engine with them: they import nothing', () => {
    expect(engine.filter((i) => WORDS.includes(i.file.replace(/\.ts$/, '')))).toEqual([]);
  });

  it('the archived component toolkit is confined to one file', () => {
    const all = [...source, ...webview].filter((i) => within(i.target, TOOLKIT));
    expect([...new Set(all.map((i) => i.file))]).toEqual(['webview/ui/toolkit.ts']);
  });
});

/** Files of the engine that every side speaks with, and that read nothing. */
const WORDS = ['src/engine/bytes/engineError', 'src/engine/types/typeInfo'];
const TOOLKIT = '@vscode/webview-ui-toolkit';

describe('the reader of imports', () => {
  const targets = (text: string) => importsOf('src/a/b.ts', text).map((i) => i.target);

  it('finds every form of import', () => {
    const text = `import * as v from 'vscode';
import {
  one,
  two,
} from '../c';
import './side';
export { x } from './d.js';
export * from "node:fs";
const late = await import('late');
const old = require('old');
`;
    expect(targets(text)).toEqual(['vscode', 'src/c', 'src/a/side', 'src/a/d', 'node:fs', 'late', 'old']);
  });

  it('tells types from values', () => {
    const text = `import type { A } from './a';\nimport { type B, c } from './b';\nexport type { D } from './d';\n`;
    expect(importsOf('src/x.ts', text).map((i) => i.typeOnly)).toEqual([true, false, true]);
  });

  it('is not misled by exports that import nothing', () => {
    expect(targets(`export const text = 'hello';\nexport type T = 'a' | 'b';\n// import x from 'nowhere'\n`)).toEqual(
      [],
    );
  });
});
