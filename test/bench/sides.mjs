// The two that are compared, and what both are measured against: each reads a snapshot in a process of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../tools/paths.mjs';
import { runOrThrow } from '../tools/processes.mjs';

const usagePreload = path.join(root, 'test/bench/usage.cjs');
const flink = path.join(root, 'test/flink');

/**
 * Builds the engine's side: the command line as it is shipped, kept apart from later builds, and the scan, not minified, so
 * that profiles can name functions and files.
 */
export async function bundle(folder) {
  await runOrThrow(process.execPath, ['esbuild.mjs'], { cwd: root });
  fs.copyFileSync(path.join(root, 'dist/cli.js'), path.join(folder, 'cli.js'));
  await build({
    entryPoints: [path.join(root, 'test/bench/scan.ts')],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
  });
}

/** Compiles Flink's side; the class path. */
export async function compileSpa() {
  await runOrThrow('mvn', ['-q', '-B', '-f', path.join(flink, 'bench/pom.xml'), 'compile']);
  const target = path.join(flink, 'target/bench');
  return `${path.join(target, 'classes')}:${fs.readFileSync(path.join(target, 'classpath.txt'), 'utf8').trim()}`;
}

/** Runs a program to its end: seconds on the wall, and its output. Throws where it fails. */
async function timed(command, args, { env = {}, sink = null } = {}) {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', sink ?? 'pipe', 'pipe'],
  });
  let output = '';
  let errors = '';
  child.stdout?.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (errors = (errors + data).slice(-4000)));
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (code !== 0) throw new Error(`${command} ${args.slice(-4).join(' ')} failed (${code}):\n${errors}`);
  return { seconds, output, errors };
}

/** The engine in Node. `task` is scan, dump, first or key. */
export async function ours(task, snapshot, { folder, operator, key, profile }) {
  const usage = path.join(folder, 'usage.json');
  const dumped = path.join(folder, 'dump.ndjson');
  const program =
    task === 'dump'
      ? ['cli.js', 'dump', snapshot, '--operator', operator, '--out', dumped]
      : ['scan.js', task, snapshot, operator, ...(task === 'key' ? [key] : [])];
  const flags = profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile];
  const args = ['--require', usagePreload, ...flags, path.join(folder, program[0]), ...program.slice(1)];
  const { seconds, output } = await timed(process.execPath, args, { env: { BENCH_USAGE: usage } });
  const result = { seconds, ...JSON.parse(fs.readFileSync(usage, 'utf8')) };
  if (task !== 'dump') return { ...result, ...JSON.parse(output) };
  const lines = await countLines([dumped]);
  fs.rmSync(dumped);
  return { ...result, lines };
}

/** The State Processor API. */
export async function spa(task, snapshot, { classPath, backend, buffered, parallelism, heap, folder, key }) {
  const temporary = fs.mkdtempSync(path.join(folder, 'flink-'));
  const dumps = path.join(temporary, 'dump');
  fs.mkdirSync(dumps);
  const args = [
    `-Xmx${heap}`,
    '--add-opens=java.base/java.util=ALL-UNNAMED',
    '--add-opens=java.base/java.lang=ALL-UNNAMED',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
    `-Dbench.buffered=${buffered}`,
    ...['-cp', classPath, 'bench.Scan', task, snapshot, backend, String(parallelism), temporary],
    ...(task === 'dump' ? [dumps] : task === 'key' ? [key] : []),
  ];
  const java = process.env.JAVA_HOME === undefined ? 'java' : path.join(process.env.JAVA_HOME, 'bin/java');
  try {
    const { seconds, output } = await timed(java, args);
    const { peakKilobytes, cpuSeconds, firstRowSeconds, totals } = JSON.parse(output);
    const lines = task === 'dump' ? await countLines(fs.readdirSync(dumps).map((f) => path.join(dumps, f))) : undefined;
    return { seconds, peakKilobytes, cpuSeconds, firstRowSeconds, totals, lines };
  } finally {
    fs.rmSync(temporary, { recursive: true });
  }
}

/** Any program that writes a snapshot: seconds on the wall and of the processor, and the most memory. */
export async function writes(command, args) {
  const { seconds, errors } = await timed('/usr/bin/time', ['-f', 'used %U %S %M', command, ...args]);
  const [user, system, peakKilobytes] = errors.trim().split('\n').at(-1).split(' ').slice(1).map(Number);
  return { seconds, cpuSeconds: user + system, peakKilobytes };
}

/** The same by the State Processor API. `task` is that of `bench.Write`. */
export async function spaWrites(task, snapshot, target, { classPath, heap, folder }) {
  const temporary = fs.mkdtempSync(path.join(folder, 'flink-'));
  const args = [
    `-Xmx${heap}`,
    '--add-opens=java.base/java.util=ALL-UNNAMED',
    '--add-opens=java.base/java.lang=ALL-UNNAMED',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=off',
    ...['-cp', classPath, 'bench.Write', task, snapshot, target, temporary],
  ];
  const java = process.env.JAVA_HOME === undefined ? 'java' : path.join(process.env.JAVA_HOME, 'bin/java');
  try {
    return await writes(java, args);
  } finally {
    fs.rmSync(temporary, { recursive: true });
  }
}

/** Reading all bytes and doing nothing with them. */
export async function cat(files) {
  const sink = fs.openSync('/dev/null', 'w');
  try {
    return (await timed('cat', files, { sink })).seconds;
  } finally {
    fs.closeSync(sink);
  }
}

async function countLines(files) {
  let lines = 0;
  for (const file of files) {
    for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    }
  }
  return lines;
}
