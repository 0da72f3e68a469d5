// Light, dark and high contrast: the page follows the theme, and its text can be read on its background.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { quickOpen, runCommand, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

/** Name in VS Code's list of themes, and the class that VS Code gives the page. */
const THEMES = [
  ['Light Modern', 'vscode-light'],
  ['Dark Modern', 'vscode-dark'],
  ['Dark High Contrast', 'vscode-high-contrast'],
  ['Light High Contrast', 'vscode-high-contrast-light'],
];

/** The least contrast of normal text (WCAG 2.1, 1.4.3). */
const LEAST_CONTRAST = 4.5;

describe('themes', { timeout: 300_000 }, () => {
  let session;
  before(async () => {
    session = await openSource();
    await quickOpen(session.page, 'sample/_metadata');
    await webviewFrame(session.page, SNAPSHOT_SHOWN);
  });
  after(() => session?.stop());

  for (const [theme, className] of THEMES) {
    test(`${theme}: the page follows, and every text of the table can be read`, async () => {
      await chooseTheme(session.page, theme);
      const frame = await webviewFrame(session.page, `body.${className}`);
      await frame.locator(SNAPSHOT_SHOWN).first().waitFor();
      const contrasts = await frame.locator('[role="treegrid"] [role="gridcell"] span').evaluateAll(textContrasts);
      assert.ok(contrasts.length > 0);
      assert.deepEqual(
        contrasts.filter(({ contrast }) => contrast < LEAST_CONTRAST),
        [],
      );
      await session.shot(`theme-${className}`);
    });
  }
});

async function chooseTheme(page, theme) {
  await runCommand(page, 'Preferences: Color Theme');
  const list = page.locator('.quick-input-widget:visible');
  await list.locator('input').first().fill(theme);
  await list.locator('.monaco-list-row').filter({ hasText: theme }).first().click();
  await list.waitFor({ state: 'hidden' });
}

/** Runs in the page: the contrast between each text and what is behind it. */
function textContrasts(elements) {
  // A canvas turns every notation of a colour (also `color-mix`) into numbers.
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const parse = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return { r, g, b, a: a / 255 };
  };
  const over = (top, under) => {
    const mix = (channel) => top[channel] * top.a + under[channel] * (1 - top.a);
    return { r: mix('r'), g: mix('g'), b: mix('b'), a: 1 };
  };
  const backgroundOf = (element) => {
    if (element === null) return { r: 255, g: 255, b: 255, a: 1 };
    const color = parse(getComputedStyle(element).backgroundColor);
    return color.a === 1 ? color : over(color, backgroundOf(element.parentElement));
  };
  const opacityOf = (element) =>
    element === null ? 1 : Number(getComputedStyle(element).opacity) * opacityOf(element.parentElement);
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  return elements
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
    .filter((element) => element.getClientRects().length > 0 && element.getBoundingClientRect().width > 1)
    .map((element) => {
      const background = backgroundOf(element);
      const own = parse(getComputedStyle(element).color);
      const text = over({ ...own, a: own.a * opacityOf(element) }, background);
      const [light, dark] = [luminance(text), luminance(background)].sort((a, b) => b - a);
      return { text: element.textContent.trim(), contrast: Math.round(((light + 0.05) / (dark + 0.05)) * 100) / 100 };
    });
}
