// A real VS Code for the tests, from package registries alone: code-server (VS Code's own server and window) from npm,
// the Node it wants from npm, and the system's Chromium. Everything lies in .host/ and is installed once.
import fs from 'node:fs';
import path from 'node:path';
import { hostDir } from '../tools/paths.mjs';
import { findProgram, npmCommand, removeFolder, runOrThrow } from '../tools/processes.mjs';

const CODE_SERVER = '4.139.1'; // VS Code 1.139.1
const NODE = '24.21.0'; // the major version that this code-server runs on
const VSCE = '3.9.2'; // the newest that runs on Node 20

async function npmInstall(folder, packages) {
  const npm = npmCommand();
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
  await runOrThrow(npm.command, [...npm.args, 'install', ...flags, ...packages], {
    cwd: folder,
    shell: npm.shell,
    timeout: 420_000,
  });
}

/** Installs packages into `.host/NAME`, unless exactly these are there already. */
async function installOnce(name, packages, finish = async () => {}) {
  const folder = path.join(hostDir, name);
  const stamp = path.join(folder, '.installed');
  const wanted = packages.join(' ');
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return folder;
  console.log(`Installing ${wanted} into .host/${name} (once)`);
  removeFolder(folder);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: `host-${name}`, private: true }));
  await npmInstall(folder, packages);
  await finish(folder);
  fs.writeFileSync(stamp, wanted);
  return folder;
}

/** Node of the version that code-server wants, and code-server's entry. */
export async function installServer() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch)) {
    throw new Error(
      `The VS Code server of the tests runs on Linux (x64, arm64), and this is ${process.platform} ${process.arch}. ` +
        'Install VS Code and put its command "code" on the path, or give access to update.code.visualstudio.com.',
    );
  }
  const nodePackage = `node-linux-${process.arch}`;
  const folder = await installOnce('server', [`code-server@${CODE_SERVER}`, `${nodePackage}@${NODE}`], async (home) => {
    // code-server's own post-install step refuses any other Node than its own, so its work is done here. Its shrinkwrap
    // is out of step with its package.json: `npm ci` would fail.
    const vscode = path.join(home, 'node_modules/code-server/lib/vscode');
    await npmInstall(vscode, ['--omit=dev']);
    link(path.join(vscode, 'bin/remote-cli/code-server'), 'code-linux.sh');
    link(path.join(vscode, 'bin/helpers/browser.sh'), 'browser-linux.sh');
  });
  return {
    node: path.join(folder, 'node_modules', nodePackage, 'bin/node'),
    entry: path.join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

function link(file, target) {
  fs.rmSync(file, { force: true });
  fs.symlinkSync(target, file);
}

/** Installs Debian packages where that is possible without asking anybody: Linux, apt-get, root. */
async function aptInstall(...packages) {
  const apt = findProgram('apt-get');
  if (apt === undefined || process.getuid?.() !== 0) return false;
  console.log(`Installing ${packages.join(' ')} with apt-get (once)`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runOrThrow(apt, ['update'], { env, timeout: 180_000 });
  await runOrThrow(apt, ['install', '-y', '--no-install-recommends', ...packages], { env, timeout: 420_000 });
  return true;
}

const findChromium = () =>
  process.env.CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');

/** The path of a Chromium or Chrome. */
export async function installChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (await aptInstall('chromium', 'fonts-dejavu-core')) {
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'The tests need Chromium or Chrome. Install it (Debian, Ubuntu: apt-get install chromium fonts-dejavu-core) or set CHROMIUM to its path.',
  );
}

/** The path of `xvfb-run`, a screen for a desktop VS Code where there is none; undefined when it cannot be had. */
export async function installVirtualScreen() {
  const find = () => findProgram('xvfb-run');
  if (find() === undefined) {
    // Besides the screen: the libraries that Electron expects of a desktop.
    await aptInstall('xvfb', 'xauth', 'libnss3', 'libgtk-3-0', 'libasound2', 'libgbm1').catch((error) => {
      console.log(`No virtual screen: ${error.message}`);
    });
  }
  return find();
}

/** The script of vsce, which makes the package. */
export async function installPackager() {
  const folder = await installOnce('vsce', [`@vscode/vsce@${VSCE}`]);
  return path.join(folder, 'node_modules/@vscode/vsce/vsce');
}
