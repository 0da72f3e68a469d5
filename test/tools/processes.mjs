import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// What is running or lying about. It ends with this process, however that ends short of SIGKILL.
const cleanups = new Set();
process.on('exit', () => {
  for (const clean of cleanups) clean();
});
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.on(signal, () => process.exit(128 + number));
}

/** Calls `clean` (synchronous) when this process ends, unless the function that is returned is called before. */
export function atExit(clean) {
  cleanups.add(clean);
  return () => cleanups.delete(clean);
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function removeFolder(folder) {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** A new folder that is gone when `remove` is called, or at the latest when this process ends. */
export function temporaryFolder(prefix) {
  // VS Code shows real paths; on macOS the temporary folder is behind a symbolic link.
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}-`)));
  const forget = atExit(() => removeFolder(folder));
  const remove = () => {
    forget();
    removeFolder(folder);
  };
  return { path: folder, remove };
}

const ownGroup = process.platform !== 'win32';

function signalAll(child, signal) {
  try {
    if (ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a program at the head of a process group, so that it and all that it starts can be ended together. `lastSignal`
 * is what the group gets when this process ends before it: SIGTERM for programs that have groups of their own to end.
 */
export function start(command, args, { lastSignal = 'SIGKILL', ...options } = {}) {
  const child = spawn(command, args, { detached: ownGroup, stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const forget = atExit(() => signalAll(child, lastSignal));
  const closed = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 1, error }));
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal }));
  });
  /** Ends the whole group: asks first, insists after four seconds. */
  const stop = async () => {
    for (const signal of ['SIGTERM', 'SIGKILL']) {
      if (child.pid === undefined || !signalAll(child, signal)) break;
      for (const end = Date.now() + 4000; signalAll(child, 0) && Date.now() < end; ) await sleep(50);
    }
    forget();
  };
  return { child, closed, stop };
}

/**
 * Runs a program to its end; its output is shown as it comes, or returned when `quiet`. Whatever it leaves running is
 * ended. After `timeout` milliseconds all of it is ended and the code is 124.
 */
export async function run(command, args, { timeout = 300_000, quiet = false, ...options } = {}) {
  const channel = quiet ? 'pipe' : 'inherit';
  const program = start(command, args, { ...options, lastSignal: 'SIGTERM', stdio: ['ignore', channel, channel] });
  let output = '';
  program.child.stdout?.on('data', (data) => (output += data));
  program.child.stderr?.on('data', (data) => (output += data));
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(() => resolve({ code: 124 }), timeout);
  });
  const ended = await Promise.race([program.closed, late]);
  clearTimeout(timer);
  await program.stop();
  if (ended.code === 124) output += `\n${command} did not end within ${Math.round(timeout / 1000)} s.`;
  if (ended.error !== undefined) output += `\n${command}: ${ended.error.message}`;
  return { code: ended.code, output };
}

/** As `run`, quietly; throws what the program said when it fails. */
export async function runOrThrow(command, args, options = {}) {
  const { code, output } = await run(command, args, { quiet: true, ...options });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code}):\n${output.trim()}`);
  return output;
}

/** The npm that runs this script, or the one on the path. */
export function npmCommand() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) return { command: process.execPath, args: [cli], shell: false };
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/** The full path of a program on the path, or undefined. */
export function findProgram(...names) {
  const endings = process.platform === 'win32' ? ['.cmd', '.exe', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)) {
      for (const ending of endings) {
        const file = path.join(folder, name + ending);
        try {
          fs.accessSync(file, fs.constants.X_OK);
          return file;
        } catch {
          // not here
        }
      }
    }
  }
  return undefined;
}
