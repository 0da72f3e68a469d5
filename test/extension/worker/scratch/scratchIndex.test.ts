import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLevel } from '../../../../src/worker/scratch/levelTable';
import { ScratchIndex, type ScratchOptions } from '../../../../src/worker/scratch/scratchIndex';
import { useTemporaryFolder } from '../../../temporaryFolder';

const MANY = 1_000_000;
const bytes = (length: number, fill = 7): Uint8Array => new Uint8Array(length).fill(fill);

const ROOT = path.resolve(import.meta.dirname, '../../../..');

const temporary = useTemporaryFolder();
let folder: string;
let notes: string[];
let open: ScratchIndex[];
const index = (more: Partial<ScratchOptions> = {}): ScratchIndex => {
  const made = new ScratchIndex({ folder, program: 'test 1', note: (text) => notes.push(text), ...more });
  open.push(made);
  return made;
};

beforeEach(() => {
  folder = temporary.folder('index');
  notes = [];
  open = [];
});
afterEach(async () => {
  for (const each of open) await each.close();
});

/** What holds on a disk and in memory. */
describe.each([
  ['on the disk', true],
  ['in memory', false],
])('an index %s', (_, isOnDisk) => {
  const place = (): Partial<ScratchOptions> => (isOnDisk ? {} : { folder: null });

  it('gives back what was written, by snapshot and name', async () => {
    const scratch = index(place());
    expect(await scratch.read('a', 'x')).toBeNull();
    await scratch.write('a', 'x', { big: 1n << 70n, zero: -0 }, MANY);
    await scratch.write('a', 'shares/2', 'two', MANY);
    await scratch.write('a', 'shares/1', 'one', MANY);
    await scratch.write('ab', 'x', 'other', MANY);
    expect(await scratch.read('a', 'x')).toStrictEqual({ big: 1n << 70n, zero: -0 });
    expect(await scratch.read('ab', 'x')).toBe('other');
    expect([...(await scratch.readAll('a', 'shares/'))]).toEqual([
      ['1', 'one'],
      ['2', 'two'],
    ]);
    await scratch.write('a', 'x', 'new', MANY);
    expect(await scratch.read('a', 'x')).toBe('new');
  });

  it('drops the snapshot that was not used for the longest', async () => {
    let now = 0;
    const scratch = index({ ...place(), now: () => now });
    for (const snapshot of ['a', 'b', 'c']) {
      now += 10_000;
      await scratch.write(snapshot, 'x', bytes(1000), 4000);
    }
    now += 10_000;
    expect(await scratch.read('a', 'x')).not.toBeNull();
    now += 10_000;
    await scratch.write('d', 'x', bytes(1000), 3500);
    expect(await scratch.read('b', 'x')).toBeNull();
    expect(await scratch.read('a', 'x')).not.toBeNull();
    expect(await scratch.read('c', 'x')).not.toBeNull();
    expect(await scratch.read('d', 'x')).not.toBeNull();
  });

  it('never keeps more than its bound, whatever is written anew', async () => {
    const scratch = index(place());
    for (let i = 0; i < 20; i++) expect(await scratch.write('a', 'x', bytes(1000, i), 1100)).toBe(true);
    expect(await scratch.write('a', 'y', bytes(1000), 1100)).toBe(false);
    expect(await scratch.write('b', 'y', bytes(2000), 1100)).toBe(false);
    expect(await scratch.read('a', 'x')).toStrictEqual(bytes(1000, 19));
    expect(await scratch.read('b', 'y')).toBeNull();
    // A bound that was made smaller holds from the next write on.
    expect(await scratch.write('c', 'z', bytes(10), 50)).toBe(true);
    expect(await scratch.read('a', 'x')).toBeNull();
  });

  it('says how much it frees', async () => {
    const scratch = index(place());
    await scratch.write('a', 'x', bytes(50_000), MANY);
    const { freed, isLocked } = await scratch.clear();
    expect(isLocked).toBe(false);
    expect(freed).toBeGreaterThan(isOnDisk ? 100 : 50_000);
    expect(await scratch.read('a', 'x')).toBeNull();
    await scratch.write('a', 'x', 1, MANY);
    expect(await scratch.read('a', 'x')).toBe(1);
  });

  it('does what is asked at once one after the other', async () => {
    const scratch = index(place());
    await Promise.all(Array.from({ length: 50 }, (_, i) => scratch.write(`s${i % 5}`, `n${i}`, i, MANY)));
    const found = await Promise.all(Array.from({ length: 50 }, (_, i) => scratch.read(`s${i % 5}`, `n${i}`)));
    expect(found).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });
});

describe('an index on the disk', () => {
  it.skipIf(process.platform === 'win32')('is for its owner alone', async () => {
    const made = temporary.at('new', 'index');
    const scratch = index({ folder: made });
    await scratch.write('a', 'x', 1, MANY);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('is there again after it was closed', async () => {
    const first = index();
    await first.write('a', 'x', [1, -0, 2n], MANY);
    await first.close();
    expect(await index().read('a', 'x')).toStrictEqual([1, -0, 2n]);
  });

  it('knows its bound after it was closed', async () => {
    let now = 1;
    const first = index({ now: () => now++ });
    await first.write('a', 'x', bytes(1000), MANY);
    await first.write('b', 'x', bytes(1000), MANY);
    await first.close();
    const second = index({ now: () => now++ });
    await second.write('c', 'x', bytes(1000), 2500);
    expect(await second.read('a', 'x')).toBeNull();
    expect(await second.read('b', 'x')).not.toBeNull();
  });

  it('begins anew with another program', async () => {
    const first = index();
    await first.write('a', 'x', 1, MANY);
    await first.close();
    const second = index({ program: 'test 2' });
    expect(await second.read('a', 'x')).toBeNull();
    expect(await second.write('a', 'x', 2, MANY)).toBe(true);
    await second.close();
    expect(await index({ program: 'test 2' }).read('a', 'x')).toBe(2);
  });

  it('keeps things in memory while another has it open, says so once, and goes on with the disk after that', async () => {
    const first = index();
    await first.write('a', 'x', 'first', MANY);
    const second = index({ tryAgainMs: 0 });
    await second.write('b', 'y', 'second', MANY);
    await second.write('b', 'z', 'second', MANY);
    expect(await second.read('b', 'y')).toBe('second');
    expect(await second.read('a', 'x')).toBeNull();
    expect(await second.clear()).toMatchObject({ isLocked: true });
    expect(notes).toEqual(['Nothing is kept in the cache on the disk, only in memory: another window uses it.']);
    expect(await first.read('a', 'x')).toBe('first');
    await first.close();
    expect(await second.read('a', 'x')).toBe('first');
    expect(notes).toHaveLength(1);
  });

  it('lets another at the database when it was not used for a moment', async () => {
    const first = index({ idleMs: 20 });
    await first.write('a', 'x', 'first', MANY);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const second = index({ idleMs: 20 });
    expect(await second.read('a', 'x')).toBe('first');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.write('a', 'y', 'again', MANY);
    expect(notes).toEqual([]);
  });

  it('is begun anew where its files are damaged', async () => {
    const first = index();
    await first.write('a', 'x', bytes(2000), MANY);
    await first.close();
    for (const name of readdirSync(folder)) {
      if (/^(MANIFEST|CURRENT)/.test(name)) writeFileSync(path.join(folder, name), 'nonsense');
    }
    const second = index();
    expect(await second.read('a', 'x')).toBeNull();
    expect(notes).toEqual(['The cache could not be read and was begun anew.']);
    await second.write('a', 'x', 1, MANY);
    expect(await second.read('a', 'x')).toBe(1);
  });

  it('takes no value whose bytes are others, and drops all of its snapshot', async () => {
    const first = index();
    await first.write('a', 'shares/1', 'one', MANY);
    await first.write('a', 'shares/2', 'two', MANY);
    await first.close();
    const level = await openLevel(folder);
    if (level.table === null) throw new Error(level.reason);
    const key = 'value/a/shares/2';
    const value = await level.table.get(key);
    if (value === undefined) throw new Error('not there');
    const other = Uint8Array.from(value);
    other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
    await level.table.change([[key, other]]);
    await level.table.close();
    const second = index();
    expect(await second.readAll('a', 'shares/')).toEqual(new Map());
    expect(await second.read('a', 'shares/1')).toBeNull();
  });

  it('survives that any of its files is cut off, damaged or gone', async () => {
    const first = index();
    for (let i = 0; i < 40; i++) await first.write(`s${i}`, 'x', bytes(500, i), MANY);
    await first.close();
    // What lies in the log goes into a table when the database is opened again.
    const again = index();
    for (let i = 20; i < 40; i++) await again.write(`s${i}`, 'x', bytes(500, i), MANY);
    await again.close();
    const names = readdirSync(folder).filter((name) => statSync(path.join(folder, name)).size > 0);
    const whole = new Map(names.map((name) => [name, readFileSync(path.join(folder, name))]));
    for (const [name, content] of whole) {
      const cuts = [0, 1, Math.floor(content.length / 2), content.length - 1].map((n) => content.subarray(0, n));
      const flips = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99].map((part) => {
        const other = Buffer.from(content);
        const at = Math.floor(part * content.length);
        other[at] = (other[at] ?? 0) ^ 0x55;
        return other;
      });
      for (const damaged of [null, ...cuts, ...flips]) {
        for (const each of readdirSync(folder)) rmSync(path.join(folder, each));
        for (const [other, text] of whole) writeFileSync(path.join(folder, other), text);
        if (damaged === null) rmSync(path.join(folder, name));
        else writeFileSync(path.join(folder, name), damaged);
        const scratch = index();
        for (let i = 0; i < 40; i++) {
          const found = await scratch.read(`s${i}`, 'x').catch(() => null);
          if (found !== null) expect(found).toStrictEqual(bytes(500, i));
        }
        await scratch.write('new', 'x', 1, MANY).catch(() => false);
        await scratch.close();
        // Whatever was broken, the next one works.
        const next = index();
        expect(await next.write('next', 'x', 2, MANY)).toBe(true);
        expect(await next.read('next', 'x')).toBe(2);
        await next.close();
      }
    }
  });

  it('has whole values after its process was killed in the middle', async () => {
    // Laid out as the extension's own bundle: the native part lies beside it.
    const script = temporary.at('writer.cjs');
    symlinkSync(path.join(ROOT, 'node_modules/classic-level/prebuilds'), temporary.at('prebuilds'));
    const contents = `
      import { ScratchIndex } from './src/worker/scratch/scratchIndex';
      async function write() {
        const scratch = new ScratchIndex({ folder: process.argv[2], program: 'test 1', note: console.log });
        for (let i = 0; ; i++) {
          await scratch.write('s' + (i % 50), 'n' + i, { i, bytes: new Uint8Array(3000).fill(i) }, 400_000);
          if (i === 200) process.stdout.write('written');
        }
      }
      void write();`;
    await build({
      stdin: { contents, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: script,
      logLevel: 'error',
    });
    for (let round = 0; round < 2; round++) {
      const writer = spawn(process.execPath, [script, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => writer.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 37 * round));
      writer.kill('SIGKILL');
      await new Promise((resolve) => writer.once('exit', resolve));
      const scratch = index();
      let found = 0;
      let taken = 0;
      for (let s = 0; s < 50; s++) {
        for (const [name, value] of await scratch.readAll(`s${s}`, '')) {
          const i = Number(name.slice(1));
          expect(value).toStrictEqual({ i, bytes: bytes(3000, i & 0xff) });
          found++;
          taken += 3000;
        }
      }
      expect(found).toBeGreaterThan(50);
      expect(taken).toBeLessThanOrEqual(400_000);
      await scratch.close();
      expect(notes).toEqual([]);
    }
  }, 60_000);

  it('keeps things in memory where there is no database for the machine, and says so once', async () => {
    // A file where the folder should be, as good as any other reason.
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    const scratch = index();
    await scratch.write('a', 'x', 1, MANY);
    expect(await scratch.read('a', 'x')).toBe(1);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain('only in memory');
    expect((await scratch.clear()).isLocked).toBe(false);
    expect(await scratch.read('a', 'x')).toBeNull();
  });
});
