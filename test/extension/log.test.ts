import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../src/engine/bytes/engineError';
import { Log } from '../../src/log';
import { toProblem } from '../../src/rpc/problem';

const lines: string[] = [];
// Test files share their modules: what was loaded with another stand-in for VS Code, or will be, is loaded anew.
vi.hoisted(() => vi.resetModules());
afterAll(() => void vi.resetModules());

const levels = vi.hoisted(() => ({ created: [] as unknown[], write: (_: string, __: string): void => undefined }));
vi.mock('vscode', () => ({
  window: {
    createOutputChannel: (...args: unknown[]) => {
      levels.created.push(args);
      const at = (level: string) => (text: string) => levels.write(level, text);
      return { info: at('info'), error: at('error'), show: () => undefined, dispose: () => undefined };
    },
  },
}));

beforeEach(() => {
  lines.length = 0;
  levels.write = (level, text) => void lines.push(`${level} ${text}`);
});

describe('the output channel', () => {
  it('has levels', () => {
    new Log().info('started');
    expect(levels.created.at(-1)).toEqual(['Savepoint Explorer', { log: true }]);
    expect(lines).toEqual(['info started']);
  });

  it('holds where something failed, and no words that may quote a value', () => {
    const error = new EngineError('BAD_VALUE', 'The value "user-42 alice@example.com" is no long.', {
      file: '/s/_metadata',
      offset: 17,
      where: 'operator / state / key "secret"',
      hint: 'Give "secret" another value.',
    });
    new Log().failure('Reading entries', toProblem(error));
    expect(lines).toEqual(['error Reading entries failed: BAD_VALUE (/s/_metadata, offset 17)']);
  });

  it('holds all of a defect of this program, as that is what a report needs', () => {
    new Log().failure('Reading', toProblem(new TypeError('x is not a function')));
    expect(lines[0]).toMatch(/^error Reading failed: INTERNAL: .*x is not a function/);
    new Log().defect('Command modify', new RangeError('too far'));
    expect(lines[1]).toMatch(/^error Command modify: RangeError: too far\n {4}at /);
  });
});
