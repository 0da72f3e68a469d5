import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';

/** What happens to the process; see `faults.cjs`. */
export interface Fault {
  below: string;
  at: number;
  how: string;
  victim?: string;
  report?: string;
}

export interface Ended {
  code: number | null;
  signal: string | null;
  err: string;
  seconds: number;
}

const PRELOAD = path.join(import.meta.dirname, 'faults.cjs');

/** The command line as it is built for the package, run in processes that can be ended. */
export class CommandLine {
  private constructor(private readonly program: string) {}

  static async build(folder: string): Promise<CommandLine> {
    const outfile = path.join(folder, 'cli.js');
    await build({
      entryPoints: [path.resolve(import.meta.dirname, '../../../src/cli/main.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
      logLevel: 'error',
    });
    return new CommandLine(outfile);
  }

  /** Runs it; `stop` says when it gets a signal, in milliseconds after its start. */
  run(args: readonly string[], fault?: Fault, stop?: { after: number; signal: NodeJS.Signals }): Promise<Ended> {
    const started = performance.now();
    const child = spawn(
      process.execPath,
      [...(fault === undefined ? [] : ['--require', PRELOAD]), this.program, ...args],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, ...(fault !== undefined && { FAULT: JSON.stringify(fault) }) },
      },
    );
    let err = '';
    child.stderr.on('data', (data) => {
      err += data;
    });
    const timer = stop === undefined ? null : setTimeout(() => child.kill(stop.signal), stop.after);
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (timer !== null) clearTimeout(timer);
        resolve({ code, signal, err, seconds: (performance.now() - started) / 1000 });
      });
    });
  }
}

/** Stands for every file below a folder: names and bytes. */
export function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder)) hash.update(`${file}\n`).update(readFileSync(path.join(folder, file)));
  return hash.digest('hex');
}

/** Files below a folder by their paths in it; none where there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
