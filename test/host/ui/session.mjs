// A window on the test workspace, with the extension from source or from its package.
import fs from 'node:fs';
import path from 'node:path';
import { makePackage } from '../../tools/package.mjs';
import { hostDir, root } from '../../tools/paths.mjs';
import { openWindow, startBrowser } from '../browser.mjs';
import { startServer } from '../server.mjs';
import { makeWorkspace } from '../workspace.mjs';

const shots = path.join(hostDir, 'shots');

async function open(name, { settings, vsix = [], development = false }) {
  const workspace = makeWorkspace();
  let server;
  let browser;
  const stop = async () => {
    await browser?.stop();
    await server?.stop();
    workspace.remove();
  };
  try {
    server = await startServer({ settings, vsix, development });
    browser = await startBrowser();
    const page = await openWindow(server, browser.context, {
      folder: workspace.path,
      extensionDevelopmentPath: development ? root : undefined,
    });
    fs.mkdirSync(shots, { recursive: true });
    /** A picture for people to look at, in .host/shots. */
    const shot = (what) => page.screenshot({ path: path.join(shots, `${name}-${what}.png`) });
    return { page, server, workspace, shot, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The extension as it lies in the checkout. In this mode VS Code shows no notification toasts. */
export const openSource = (settings = {}) => open('source', { settings, development: true });

/** The extension as people install it. `name` goes before the names of pictures. */
export async function openPackage(name = 'package', settings = {}) {
  const vsix = path.join(hostDir, 'ui.vsix');
  await makePackage(vsix);
  return await open(name, { settings, vsix: [vsix] });
}
