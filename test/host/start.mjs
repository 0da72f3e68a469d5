// npm start [-- PATH] [--check]: builds, and opens a VS Code with the extension on a snapshot.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { makePackage } from '../tools/package.mjs';
import { hostDir, root, sampleDir } from '../tools/paths.mjs';
import { runOrThrow } from '../tools/processes.mjs';
import { openWindow, SNAPSHOT_SHOWN, startBrowser, webviewFrame } from './browser.mjs';
import { canDownload, downloadDesktop, findCode, hasScreen, rootFlags } from './desktop.mjs';
import { startServer, windowAddress } from './server.mjs';

const USAGE = `npm start [-- PATH] [-- --check] [-- --server]

PATH      a snapshot folder, its _metadata, a snapshot that is a single file, or a folder with snapshots below it.
          Without PATH: the sample snapshot that comes with the extension.
--server  opens VS Code in the web browser, also where a desktop VS Code could be opened
--check   opens it in a headless browser, waits until the snapshot is shown, and ends`;

/** What to open: a folder, and the file in it whose editor comes up, if it is one snapshot. */
function findTarget(given) {
  // npm runs scripts in the folder of package.json and tells where the user was.
  const target = given === undefined ? sampleDir : path.resolve(process.env.INIT_CWD ?? process.cwd(), given);
  const status = fs.statSync(target, { throwIfNoEntry: false });
  if (status === undefined) throw new Error(`There is nothing at ${target}.`);
  if (!status.isDirectory()) return { folder: path.dirname(target), file: target };
  const metadata = path.join(target, '_metadata');
  return { folder: target, file: fs.existsSync(metadata) ? metadata : undefined };
}

const QUIET = { 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off' };

/**
 * The setting that makes the extension's editor the one for this file. With it VS Code waits for the extension before it
 * opens the file, and knows a snapshot of Flink 1.2 too, which is a file of any name.
 */
function associate(file) {
  if (file === undefined) return {};
  const pattern = `**/${path.basename(path.dirname(file))}/${path.basename(file)}`;
  return { 'workbench.editorAssociations': { [pattern]: 'savepointExplorer.snapshot' } };
}

/** Opens a desktop window. Returns as soon as VS Code has taken over. */
function openDesktop([command, ...args], { folder, file }) {
  // A profile of its own: nothing of the user's VS Code is changed, and no other extension takes the file.
  const profile = path.join(hostDir, 'desktop-user');
  fs.mkdirSync(path.join(profile, 'User'), { recursive: true });
  fs.writeFileSync(path.join(profile, 'User/settings.json'), JSON.stringify({ ...QUIET, ...associate(file) }, null, 2));
  const flags = ['--user-data-dir', profile, '--disable-extensions', '--disable-workspace-trust', '--new-window'];
  const all = [...args, ...flags, ...rootFlags(), `--extensionDevelopmentPath=${root}`, folder, file ?? []].flat();
  const shell = process.platform === 'win32';
  const quoted = shell ? all.map((arg) => `"${arg}"`) : all;
  // The command hands over to a window, which must outlive this process: nothing here may end it.
  const { status, error } = spawnSync(shell ? `"${command}"` : command, quoted, { shell, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? `exit code ${status}`}`);
  console.log(`Opened ${file ?? folder} in VS Code.`);
}

/** The command of a desktop VS Code that can be shown here, or undefined. */
async function desktopCommand() {
  if (!hasScreen()) return undefined;
  const installed = findCode();
  if (installed !== undefined) return [installed];
  if (!(await canDownload())) return undefined;
  return resolveCliArgsFromVSCodeExecutablePath(await downloadDesktop(), { reuseMachineInstall: true });
}

async function startWithPackage({ folder, file }, idleSeconds) {
  const vsix = path.join(hostDir, 'start.vsix');
  await makePackage(vsix);
  const server = await startServer({ vsix: [vsix], settings: associate(file), idleSeconds });
  return { server, address: windowAddress(server, { folder, file }) };
}

async function openServer(target) {
  const { server, address } = await startWithPackage(target, 0);
  console.log(`\nVS Code is at\n\n  ${address}\n\nfor browsers on this machine, until Ctrl+C.`);
  await server.closed;
}

/** Proves that the window opens and shows the snapshot. */
async function checkServer(target) {
  if (target.file === undefined) throw new Error(`${target.folder} has no _metadata that could be shown.`);
  const { server, address } = await startWithPackage(target, 300);
  let browser;
  try {
    browser = await startBrowser();
    const page = await openWindow(server, browser.context, target);
    await webviewFrame(page, SNAPSHOT_SHOWN);
    console.log(`${target.file} is shown at ${address}`);
  } finally {
    await browser?.stop();
    await server.stop();
  }
}

async function main() {
  const options = { check: { type: 'boolean' }, server: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } };
  let given;
  try {
    given = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  const { values, positionals } = given;
  if (values.help || positionals.length > 1) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const target = findTarget(positionals[0]);
  await runOrThrow(process.execPath, ['esbuild.mjs'], { cwd: root });
  if (values.check) {
    await checkServer(target);
    return 0;
  }
  const desktop = values.server ? undefined : await desktopCommand();
  if (desktop !== undefined) openDesktop(desktop, target);
  else await openServer(target);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
