import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTypeText } from '../../../../src/engine/types/describe/typeText';

const readme = readFileSync(join(import.meta.dirname, '../../../../README.md'), 'utf8');
const section = readme.slice(readme.indexOf('#### Types in words'), readme.indexOf('## Settings'));
const table = section
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| for') && !line.includes('---'));

/** What stands between backticks in the second column; `…` stands for more of the same. */
const examples = table.flatMap((line) => {
  const [, what, words] = line.split('|');
  return [...words.matchAll(/`([^`]+)`/g)].map(([, text]) => [what.trim(), text] as const);
});

describe('types in the README', () => {
  it.each(examples)('%s: %s', (what, text) => {
    const whole = text
      .replaceAll('<…>', '<int, int>')
      .replaceAll('{…}', '{a: int}')
      .replace('pojo …', 'pojo a.B {c: int}')
      .replace(/\((n|p|p, s)\)/, '(3)')
      .replace('<key, namespace>', '<long, void-namespace>');
    const ways = [
      whole,
      `rowData<${whole}>`,
      whole.replace('<int, int>', '<int>'),
      `rowData<${whole.replace('<int, int>', '<int>')}>`,
    ];
    expect(ways.some(isType), `${what}: ${whole}`).toBe(true);
  });

  it('are many', () => expect(examples.length).toBeGreaterThan(60));
});

function isType(text: string): boolean {
  try {
    parseTypeText(text);
    return true;
  } catch {
    return false;
  }
}
