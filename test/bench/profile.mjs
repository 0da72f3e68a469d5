// Where the time goes: a CPU profile of V8, added up.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The self times (callees not counted) in all profiles in `folder`, one a thread, by function and by source file, longest first.
 * Seconds are of the wall: on a busy machine look at the shares.
 */
export function selfTimes(folder) {
  const sources = new BundledSources();
  const times = { functions: new Map(), files: new Map() };
  let total = 0;
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))) {
    const { nodes, samples, timeDeltas } = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
    const frames = new Map(nodes.map(({ id, callFrame }) => [id, frameOf(callFrame, sources)]));
    samples.forEach((id, i) => {
      const frame = frames.get(id);
      if (frame.name === '(idle)') return;
      const add = (map, name) => map.set(name, (map.get(name) ?? 0) + timeDeltas[i]);
      add(times.functions, `${frame.name}  ${frame.source}`);
      add(times.files, frame.source === '' ? frame.name : frame.source);
      total += timeDeltas[i];
    });
  }
  const sorted = (map) =>
    [...map]
      .sort(([, a], [, b]) => b - a)
      .map(([name, microseconds]) => ({ name, share: microseconds / total, seconds: microseconds / 1e6 }));
  return { functions: sorted(times.functions), files: sorted(times.files) };
}

function frameOf({ functionName, url, lineNumber }, sources) {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return { name, source: url.startsWith('file:') ? sources.at(fileURLToPath(url), lineNumber) : url };
}

/** Tells which source a line of a bundle is from: esbuild puts its path into a comment above it. */
class BundledSources {
  #bundles = new Map();

  at(bundle, line) {
    if (!this.#bundles.has(bundle)) {
      let source = path.basename(bundle);
      const bySource = (text) => {
        source = /^\/\/ ((?:src|test|node_modules)\/\S+)$/.exec(text)?.[1] ?? source;
        return source;
      };
      this.#bundles.set(bundle, fs.readFileSync(bundle, 'utf8').split('\n').map(bySource));
    }
    return this.#bundles.get(bundle)[line];
  }
}
