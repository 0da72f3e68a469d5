// Desktop VS Code: the one that is installed, or one that @vscode/test-electron downloads.
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { hostDir } from '../tools/paths.mjs';
import { findProgram, run } from '../tools/processes.mjs';

const DOWNLOAD_SITE = 'https://update.code.visualstudio.com/api/releases/stable';

/** Whether VS Code can be downloaded: asked with little patience, for the answer is often no. */
export const canDownload = () =>
  new Promise((resolve) => {
    const request = https.get(DOWNLOAD_SITE, { timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });

/** Whether there is a screen to open a window on. */
export const hasScreen = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

/** The command `code` of an installed desktop VS Code. In a remote terminal `code` talks to a far window instead. */
export function findCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined) return undefined;
  const found = findProgram('code');
  if (found !== undefined) return found;
  const applications = [
    '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
    path.join(process.env.LOCALAPPDATA ?? '', 'Programs/Microsoft VS Code/bin/code.cmd'),
  ];
  return applications.find((file) => path.isAbsolute(file) && fs.existsSync(file));
}

/** Downloads VS Code into `.host/desktop`, once for each version. Returns its executable. */
export const downloadDesktop = (version = process.env.VSCODE_VERSION ?? 'stable') =>
  downloadAndUnzipVSCode({ version, cachePath: path.join(hostDir, 'desktop') });

/** Whether the executable starts at all: a machine without a desktop often lacks the libraries. */
export async function starts(executable) {
  const { code, output } = await run(executable, ['--version'], {
    quiet: true,
    timeout: 30_000,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  return { ok: code === 0, output };
}

/** What VS Code insists on when it is run by root, besides a profile of its own. */
export const rootFlags = () => (process.getuid?.() === 0 ? ['--no-sandbox'] : []);
