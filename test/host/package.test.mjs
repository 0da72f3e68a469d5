// What is in the .vsix: everything that the extension needs, nothing else.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { makeNotices } from '../tools/notices.mjs';
import { makePackage } from '../tools/package.mjs';
import { hostDir } from '../tools/paths.mjs';
import { installPackager } from './install.mjs';

/** More than half of it are native parts, of which a machine needs one. */
const MAX_BYTES = 4_000_000;

/** Each file of the package matches one of these. */
const EXPECTED = [
  /^extension\.vsixmanifest$/,
  /^\[Content_Types\]\.xml$/,
  /^extension\/package(\.nls(\.[\w-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/,
  /^extension\/LICENSE\.txt$/,
  /^extension\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^extension\/dist\/(extension|engineWorker|cli)\.js$/,
  /^extension\/dist\/webview\/main\.(js|css)$/,
  /^extension\/dist\/prebuilds\/(darwin-x64\+arm64|linux-arm|linux-arm64|linux-x64|win32-x64)\/classic-level(\.\w+)?\.node$/,
  /^extension\/media\/[\w-]+\.(svg|png|md)$/,
  /^extension\/media\/(walkthrough|readme)\/[\w.-]+\.(svg|png|md)$/,
  /^extension\/media\/savepoint-plan\.schema\.json$/,
  /^extension\/media\/sample\/(?!.*\.(json|ndjson)$)[\w/.-]+$/,
];

/** And these are there for certain. */
const NEEDED = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/THIRD-PARTY-NOTICES.txt',
  'extension/dist/extension.js',
  'extension/dist/engineWorker.js',
  'extension/dist/cli.js',
  'extension/dist/webview/main.js',
  'extension/dist/webview/main.css',
  'extension/dist/prebuilds/darwin-x64+arm64/classic-level.node',
  'extension/dist/prebuilds/linux-arm/classic-level.armv7.node',
  'extension/dist/prebuilds/linux-arm64/classic-level.armv8.node',
  'extension/dist/prebuilds/linux-x64/classic-level.node',
  'extension/dist/prebuilds/linux-x64/classic-level.musl.node',
  'extension/dist/prebuilds/win32-x64/classic-level.node',
  'extension/media/sample/_metadata',
];

/** Name and text of every file in a zip archive. */
async function readZip(file) {
  const yauzl = createRequire(await installPackager())('yauzl');
  const zip = await promisify(yauzl.open)(file, { lazyEntries: true });
  const files = new Map();
  await new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry) => {
      zip.openReadStream(entry, async (error, stream) => {
        if (error) return reject(error);
        const chunks = await stream.toArray();
        files.set(entry.fileName, Buffer.concat(chunks));
        zip.readEntry();
      });
    });
    zip.readEntry();
  });
  return files;
}

describe('the package', { timeout: 600_000 }, () => {
  const vsix = path.join(hostDir, 'package.vsix');
  let files;
  let said;
  let notices;

  before(async () => {
    notices = await makeNotices();
    said = await makePackage(vsix);
    files = await readZip(vsix);
  });

  test('is made without a warning', () => {
    assert.doesNotMatch(said, /warn/i);
  });

  test('holds nothing that is not expected', () => {
    assert.deepEqual(
      [...files.keys()].filter((name) => !EXPECTED.some((pattern) => pattern.test(name))),
      [],
    );
  });

  test('holds all that is needed', () => {
    assert.deepEqual(
      NEEDED.filter((name) => !files.has(name)),
      [],
    );
  });

  test('holds all that package.json names', () => {
    const manifest = JSON.parse(files.get('extension/package.json').toString());
    const named = JSON.stringify(manifest.contributes ?? {}).match(/"(?:\.\/)?(?:media|dist)\/[^"]+"/g) ?? [];
    const paths = [
      manifest.main,
      manifest.icon,
      ...Object.values(manifest.bin),
      ...named.map((text) => JSON.parse(text)),
    ];
    const missing = paths
      .filter((name) => name !== undefined)
      .map((name) => path.posix.join('extension', name))
      .filter((name) => !files.has(name));
    assert.deepEqual(missing, []);
  });

  test('holds the pictures that the README shows', () => {
    const links = [
      ...files
        .get('extension/readme.md')
        .toString()
        .matchAll(/!\[[^\]]*\]\(([^)]+)\)/g),
    ].map((match) => match[1]);
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((link) => !files.has(`extension/${link}`)),
      [],
    );
    for (const link of links) assert.ok(files.get(`extension/${link}`).length < 300_000, `${link} is large`);
  });

  test('carries no source maps, and is minified', () => {
    for (const [name, bytes] of files) {
      if (/\.(js|css)$/.test(name)) assert.doesNotMatch(bytes.toString(), /[#@] sourceMappingURL=/, name);
    }
    const lines = files.get('extension/dist/extension.js').toString().split('\n').length;
    assert.ok(lines < 200, `extension.js has ${lines} lines`);
  });

  test('names the licence of every package that is bundled', async () => {
    assert.equal(files.get('extension/THIRD-PARTY-NOTICES.txt').toString(), notices, 'npm run notices writes it anew');
  });

  test(`is smaller than ${MAX_BYTES / 1e6} MB`, () => {
    const { size } = fs.statSync(vsix);
    assert.ok(size < MAX_BYTES, `${size} bytes`);
  });
});
