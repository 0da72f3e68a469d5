// npm run package: builds the extension and makes its .vsix.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPackager } from '../host/install.mjs';
import { root } from './paths.mjs';
import { runOrThrow } from './processes.mjs';

/** Builds, and packages into `file`. */
export async function makePackage(file) {
  const vsce = await installPackager();
  await runOrThrow(process.execPath, ['esbuild.mjs', '--production'], { cwd: root });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.rmSync(file, { force: true });
  // Everything is bundled: no node_modules. Pictures lie in the package itself, so their links stay as they are.
  const flags = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository'];
  return await runOrThrow(process.execPath, [vsce, 'package', ...flags, '--out', file], { cwd: root });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  process.stdout.write(await makePackage(path.join(root, `savepoint-explorer-${version}.vsix`)));
}
