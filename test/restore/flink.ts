import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Json } from '../../src/engine/json/jsonValue';
import { parseJson } from '../../src/engine/json/parseJson';

export type Release = '1.20.0' | '2.3.0';
export type Backend = 'hashmap' | 'rocksdb' | 'forst';

/** A restoration that real Flink is asked for: what `fixtures.RestoreMain` reads. */
export interface RestoreTask {
  id: string;
  snapshot: string;
  /** The job, by the name that `test/fixtures/index.json` gives it. */
  job: string;
  backend: Backend;
  options?: Record<string, string>;
  /** What operators have from now on; `*` stands for all. */
  scales?: { uid: string; parallelism?: number; maxParallelism?: number }[];
  /** State that the job has no place for is left behind, as with `--allowNonRestoredState`. */
  leavesBehind?: boolean;
  /** Epoch milliseconds at which states with a time to live are read once more. */
  aliveAt?: number;
  /** Elements in flight are processed before the operators are asked. */
  settles?: boolean;
  /** The State Processor API reads the snapshot too. */
  isRead?: boolean;
  /** A year goes by at the end: timers fire, windows close. */
  finishes?: boolean;
}

/** What the operators of the job found. */
export interface Restored {
  entries: Json[];
  alive: Json[];
  fired: Json[];
  /** By the State Processor API. */
  read: Json[];
}

const tool = path.resolve(import.meta.dirname, '../tools/flink.mjs');
const call = `import { whyNoFlink } from ${JSON.stringify(new URL(`file://${tool}`).href)}; process.stdout.write(whyNoFlink() ?? '');`;

/** Why real Flink cannot be run here; empty where it can. */
export const whyNoFlink: string = spawnSync(process.execPath, ['--input-type=module', '-e', call], {
  encoding: 'utf8',
}).stdout;

interface Prepared {
  java: string;
  releases: Record<Release, string[]>;
}

/** How to run the jobs of `test/flink`, which are compiled where they are not. */
export async function prepareFlink(): Promise<Prepared> {
  const { stdout } = await promisify(execFile)(process.execPath, [tool, '--json'], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout) as Prepared;
}

/** Lets one JVM of a release restore snapshots one after the other; gives what was found, or why it was not, by id. */
export async function restoreAll(
  { java, releases }: Prepared,
  release: Release,
  tasks: readonly RestoreTask[],
): Promise<Map<string, Restored | string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'restore-'));
  try {
    const list = path.join(folder, 'tasks.json');
    writeFileSync(list, JSON.stringify(tasks));
    const args = [...releases[release], 'fixtures.RestoreMain', release, list, path.join(folder, 'flink')];
    const jvm = spawn(java, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    jvm.stderr.on('data', (data) => {
      errors = (errors + data).slice(-4000);
    });
    const found = new Map<string, Restored | string>();
    for await (const line of createInterface({ input: jvm.stdout })) {
      const result = parseJson(line);
      if (!(result instanceof Map)) throw new Error(`This is no result: ${line}`);
      const list = (name: string) => result.get(name) as Json[];
      const error = result.get('error');
      found.set(
        String(result.get('id')),
        typeof error === 'string'
          ? error
          : { entries: list('entries'), alive: list('alive'), fired: list('fired'), read: list('read') },
      );
    }
    if (jvm.exitCode === null) await new Promise((resolve) => jvm.once('close', resolve));
    if (jvm.exitCode !== 0) throw new Error(`Flink ${release} ended with exit code ${jvm.exitCode}:\n${errors}`);
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
