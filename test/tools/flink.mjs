// Real Flink, for the tests that let it restore snapshots: `node test/tools/flink.mjs` fetches it through Maven, compiles the jobs of
// test/flink, and with --json prints how to run them. What was compiled before is taken as it is.
import { spawnSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';
import { findProgram, runOrThrow } from './processes.mjs';

const project = path.join(root, 'test/flink');
const OLDEST_JAVA = 17;
/** Downloads of a first time. */
const PATIENCE = 15 * 60_000;
/** Kryo, which Flink serializes with, looks into the JDK's own classes. */
const OPEN = ['lang', 'util', 'math', 'net', 'text', 'time', 'util.concurrent'];

/** The Maven profiles of test/flink/pom.xml, by release. */
export const releases = { '1.20.0': 'flink-1.20', '2.3.0': 'flink-2.3' };

export const javaCommand = () =>
  process.env.JAVA_HOME === undefined ? findProgram('java') : path.join(process.env.JAVA_HOME, 'bin/java');

/** Why real Flink cannot be run here; undefined where it can. */
export function whyNoFlink() {
  const java = javaCommand();
  if (java === undefined) return 'there is no java on the path';
  const { stderr = '' } = spawnSync(java, ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  const version = /java\.specification\.version = (\d+)/.exec(stderr ?? '')?.[1];
  if (version === undefined) return `${java} does not run`;
  if (Number(version) < OLDEST_JAVA) return `Java ${version} is too old, ${OLDEST_JAVA} is needed`;
  if (findProgram('mvn') === undefined) return 'there is no Maven (mvn) on the path';
  return undefined;
}

/** Arguments of `java` for the classes of a release, without the class to run. */
function argumentsOf(release) {
  const target = path.join(project, 'target', release);
  const classPath = `${path.join(target, 'classes')}:${fs.readFileSync(path.join(target, 'classpath.txt'), 'utf8').trim()}`;
  return [
    ...OPEN.flatMap((name) => ['--add-opens', `java.base/java.${name}=ALL-UNNAMED`]),
    ...['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    ...['-Duser.timezone=UTC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=off', '-cp', classPath],
  ];
}

/** Compiles what has changed; how to run it. */
export async function prepareFlink() {
  const stamp = stampOf(project);
  const prepared = {};
  for (const [release, profile] of Object.entries(releases)) {
    const stampFile = path.join(project, 'target', release, 'compiled.stamp');
    if (!fs.existsSync(stampFile) || fs.readFileSync(stampFile, 'utf8') !== stamp) {
      const args = ['-q', '-B', '-f', path.join(project, 'pom.xml'), `-P${profile}`, 'compile'];
      await runOrThrow('mvn', args, { timeout: PATIENCE });
      fs.writeFileSync(stampFile, stamp);
    }
    prepared[release] = argumentsOf(release);
  }
  return { java: javaCommand(), releases: prepared };
}

/** Stands for the content of all sources, and for where they lie. */
function stampOf(folder) {
  const hash = crypto.createHash('sha256');
  const files = fs
    .readdirSync(path.join(folder, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of [path.join(folder, 'pom.xml'), ...files]) hash.update(`${file}\n`).update(fs.readFileSync(file));
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const why = whyNoFlink();
  if (why !== undefined) {
    console.error(`Real Flink cannot be run: ${why}.`);
    process.exitCode = 1;
  } else {
    const prepared = await prepareFlink();
    console.log(process.argv.includes('--json') ? JSON.stringify(prepared) : Object.keys(prepared.releases).join(', '));
  }
}
