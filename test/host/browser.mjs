// A headless Chromium that sees nothing but loopback, and the ways through a VS Code window.
import path from 'node:path';
import { chromium } from 'playwright-core';
import { extensionId } from '../tools/paths.mjs';
import { sleep, temporaryFolder } from '../tools/processes.mjs';
import { installChromium } from './install.mjs';
import { windowAddress } from './server.mjs';

/** What the editor has once it shows a snapshot. */
export const SNAPSHOT_SHOWN = '[role="treegrid"] [role="gridcell"]';

export async function startBrowser({ viewport = { width: 1280, height: 800 }, deviceScaleFactor = 1 } = {}) {
  const executablePath = await installChromium();
  const profile = temporaryFolder('savepoint-explorer-chromium');
  const context = await chromium.launchPersistentContext(profile.path, {
    executablePath,
    headless: true,
    viewport,
    deviceScaleFactor,
    // Ended by the handlers of processes.mjs; Playwright's own would swallow the signals.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
    ],
  });
  const stop = async () => {
    await context.close();
    profile.remove();
  };
  return { context, stop };
}

/** Opens a window and waits until its file explorer shows something. `page.consoleLines` keeps what the page logs. */
export async function openWindow(server, context, options) {
  const page = await context.newPage();
  page.consoleLines = [];
  page.on('console', (message) => page.consoleLines.push(`[${message.type()}] ${message.text()}`));
  await page.goto(windowAddress(server, options));
  await page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 90_000 });
  return page;
}

/** Runs a command by the title that the palette shows. Tries again: the list is not refreshed for late contributions. */
export async function runCommand(page, title, timeout = 60_000) {
  for (const end = Date.now() + timeout; ; ) {
    await page.keyboard.press('F1');
    const palette = page.locator('.quick-input-widget:visible');
    try {
      const input = palette.locator('input').first();
      await input.waitFor({ timeout: 3000 });
      await input.fill(`>${title}`);
      const row = palette.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first();
      await row.click({ timeout: 3000 });
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`The palette has no command "${title}": ${error.message}`);
      await page.keyboard.press('Escape');
    }
  }
}

/** Opens a file of the workspace as a person does who knows its path: by Quick Open. */
export async function quickOpen(page, relativePath, timeout = 60_000) {
  for (const end = Date.now() + timeout; ; ) {
    await page.keyboard.press('Control+P');
    const palette = page.locator('.quick-input-widget:visible');
    try {
      const input = palette.locator('input').first();
      await input.waitFor({ timeout: 3000 });
      await input.fill(relativePath);
      // Rows show the name and the folder; what was open before comes first, whatever is searched for.
      const [folder, name] = [path.posix.dirname(relativePath), path.posix.basename(relativePath)];
      const rows = palette.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: name }).filter({ hasText: folder }).first().click({ timeout: 5000 });
      await palette.waitFor({ state: 'hidden', timeout: 3000 });
      return;
    } catch (error) {
      if (Date.now() > end) throw new Error(`Quick Open does not find ${relativePath}: ${error.message}`);
      await page.keyboard.press('Escape');
    }
  }
}

/**
 * The frame with the extension's own page that shows something matching `selector`. Frames are window > webview >
 * the extension's page, known by their address: the name of the frame stays `pending-frame` for ever.
 */
export async function webviewFrame(page, selector, { timeout = 60_000, ...filter } = {}) {
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    for (const frame of page.frames()) {
      if (!frame.url().includes('/webview/browser/pre/fake.html')) continue;
      const owner = new URLSearchParams(frame.parentFrame()?.url().split('?')[1]).get('extensionId');
      if (owner?.toLowerCase() !== extensionId) continue;
      const found = await frame
        .locator(selector, filter)
        .count()
        .catch(() => 0);
      if (found > 0) return frame;
    }
    if (Date.now() > end) {
      const seen = await webviewTexts(page);
      throw new Error(
        `No page of the extension shows ${selector} ${filter.hasText ?? ''}; they show:\n${seen.join('\n---\n')}`,
      );
    }
  }
}

/** What the extension's pages say, for error messages. */
async function webviewTexts(page) {
  const frames = page.frames().filter((frame) => frame.url().includes('/webview/browser/pre/fake.html'));
  return await Promise.all(
    frames.map((frame) =>
      frame
        .locator('body')
        .textContent({ timeout: 1000 })
        .then((text) => text.trim().slice(0, 500))
        .catch(() => '(gone)'),
    ),
  );
}

/**
 * Chooses from the context menu that is open. VS Code ignores the mouse for the first 100 ms of a menu, so that the click that
 * opened it chooses nothing: a click that comes too early is made again.
 */
export async function chooseFromMenu(page, name) {
  const item = page.getByRole('menuitem', { name, exact: true });
  await item.waitFor();
  for (let attempt = 0; attempt < 20; attempt++) {
    await item.click();
    try {
      await item.waitFor({ state: 'detached', timeout: 500 });
      return;
    } catch {
      // Still open.
    }
  }
  throw new Error(`The menu does not close by a click on ${name}.`);
}
