// npm run notices: writes THIRD-PARTY-NOTICES.txt, the licences of all packages that end up in the bundles.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.mjs';
import { runOrThrow } from './processes.mjs';

export const noticesFile = path.join(root, 'THIRD-PARTY-NOTICES.txt');

/** Folders of the packages that are bundled: the build's source maps know. */
async function bundledPackages() {
  const dist = path.join(root, 'dist');
  fs.rmSync(dist, { recursive: true, force: true });
  await runOrThrow(process.execPath, ['esbuild.mjs'], { cwd: root });
  const folders = new Set();
  for (const name of fs.readdirSync(dist, { recursive: true })) {
    if (!name.endsWith('.js.map')) continue;
    const map = path.join(dist, name);
    for (const source of JSON.parse(fs.readFileSync(map, 'utf8')).sources) {
      const file = path.resolve(path.dirname(map), source);
      const match = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file);
      if (match !== null) folders.add(match[1]);
    }
  }
  if (folders.size === 0) throw new Error('No source map in dist names a package: nothing to give notice of?');
  return [...folders].sort();
}

const isLicence = (name) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(name);

function tidy(text) {
  const lines = text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd());
  return lines.join('\n').trim();
}

function notice(folder) {
  const { name, version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(folder).find(isLicence);
  const text = file === undefined ? `Licence: ${license}` : fs.readFileSync(path.join(folder, file), 'utf8');
  return [`${name} ${version} (${license})\n\n${tidy(text)}\n`, ...noticesOfNative(folder, name)];
}

/** Libraries in other languages that are compiled into a package lie below `deps`. */
function noticesOfNative(folder, name) {
  const deps = path.join(folder, 'deps');
  if (!fs.existsSync(deps)) return [];
  const files = fs.readdirSync(deps, { recursive: true }).filter((file) => isLicence(path.basename(file)));
  return files.sort().map((file) => {
    const library = path.basename(path.dirname(file));
    return `${library}, compiled into ${name}\n\n${tidy(fs.readFileSync(path.join(deps, file), 'utf8'))}\n`;
  });
}

export async function makeNotices() {
  const rule = `\n${'-'.repeat(80)}\n\n`;
  const notices = (await bundledPackages()).flatMap(notice);
  return `Savepoint Explorer contains code of these packages.\n${rule}${notices.join(rule)}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  fs.writeFileSync(noticesFile, await makeNotices());
}
