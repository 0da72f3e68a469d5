// npm run screenshots: takes the pictures of the README anew, of the packaged extension on the sample snapshot.
import fs from 'node:fs';
import path from 'node:path';
import { makePackage } from '../tools/package.mjs';
import { hostDir, root, sampleDir } from '../tools/paths.mjs';
import { temporaryFolder } from '../tools/processes.mjs';
import { openWindow, quickOpen, runCommand, SNAPSHOT_SHOWN, startBrowser, webviewFrame } from './browser.mjs';
import { startServer } from './server.mjs';

const pictures = ['editor', 'entries'].map((name) => path.join(root, `media/readme/${name}.png`));
const [editor, entries] = pictures;
/** A README is loaded by everybody who looks at the project. */
const MAX_BYTES = 300_000;

const vsix = path.join(hostDir, 'screenshots.vsix');
fs.mkdirSync(path.dirname(editor), { recursive: true });
// The README in the package must have its pictures, and this is where they are made.
for (const picture of pictures) if (!fs.existsSync(picture)) fs.writeFileSync(picture, '');
await makePackage(vsix);
const workspace = temporaryFolder('savepoint-explorer-pictures');
let server;
let browser;
try {
  fs.cpSync(sampleDir, path.join(workspace.path, 'sample'), { recursive: true });
  server = await startServer({ vsix: [vsix], settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  browser = await startBrowser({ viewport: { width: 1560, height: 860 } });
  const page = await openWindow(server, browser.context, { folder: workspace.path });
  await quickOpen(page, 'sample/_metadata');
  const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
  await runCommand(page, 'Focus on Snapshots View');
  await frame.locator('[role="treegrid"] [role="row"][aria-level="1"]').first().click();
  await page.keyboard.press('ArrowRight');
  await frame.locator('.footer-count', { hasText: 'entries counted' }).waitFor();
  const state = frame.locator('[role="treegrid"] [role="row"][aria-level="2"]', { hasText: 'lastSeen' });
  await state.first().locator('.cell.bytes').click();
  await frame.locator('.largest').waitFor();
  await frame.locator('.side').evaluate((side) => {
    side.scrollTop = side.querySelector('.counted').offsetTop - side.offsetTop - 12;
  });
  await page.mouse.move(640, 750);
  // Counters and bars have their final place when nothing moves any more.
  await page.waitForTimeout(1500);
  await page.screenshot({ path: editor });

  await frame.getByRole('searchbox').fill('balance');
  await frame.locator('[role="treegrid"] .label', { hasText: 'balance' }).last().click();
  await frame.locator('.grid-body [aria-rowindex="9"] > *').nth(2).click();
  await frame.getByRole('tree').first().waitFor();
  await frame.getByRole('treeitem', { name: /^amount/ }).hover();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: entries });
} finally {
  await browser?.stop();
  await server?.stop();
  workspace.remove();
}
for (const picture of pictures) {
  const { size } = fs.statSync(picture);
  console.log(`${picture}: ${size} bytes`);
  if (size > MAX_BYTES) throw new Error(`The picture has ${size} bytes, more than ${MAX_BYTES}.`);
}
