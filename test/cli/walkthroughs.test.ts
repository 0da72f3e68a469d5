import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CommandLine } from '../engine/crash/commandLine';

const root = path.resolve(import.meta.dirname, '../..');

interface Block {
  language: string;
  text: string;
}

/** The walkthroughs of the README: their titles, with what is to be typed and what comes out of it. */
function walkthroughs(): [title: string, blocks: Block[]][] {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  const chapter = /^## Walkthroughs\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
  return chapter.split(/^### /m).flatMap((section, i) => {
    const blocks = [...section.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, text]) => ({ language, text }));
    return i === 0 ? [] : [[section.slice(0, section.indexOf('\n')), blocks] as [string, Block[]]];
  });
}

let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'walkthrough-'));
  mkdirSync(path.join(folder, 'bin'));
  await CommandLine.build(path.join(folder, 'bin'));
  const program = path.join(folder, 'bin', 'savepoint');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${path.join(folder, 'bin', 'cli.js')}' "$@"\n`);
  chmodSync(program, 0o755);
  cpSync(path.join(root, 'media/sample'), path.join(folder, 'sample'), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('walkthroughs of the README', () => {
  test('there are three', () => {
    expect(walkthroughs()).toHaveLength(3);
  });

  test.each(walkthroughs())('%s', (_, blocks) => {
    const env = { ...process.env, PATH: `${path.join(folder, 'bin')}:${process.env['PATH']}` };
    let printed = '';
    for (const { language, text } of blocks) {
      if (language === 'bash') {
        printed = execFileSync('bash', ['-e', '-c', text], { cwd: folder, env, encoding: 'utf8' });
      }
      if (language === 'text') {
        for (const line of text.trimEnd().split('\n')) expect(printed).toContain(line);
      }
    }
  });
});
