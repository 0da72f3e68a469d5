import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SnapshotDescription } from '../../src/engine/description';
import { describeSnapshot } from '../../src/engine/inspect';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { pack } from '../../src/rpc/msgpack';
import { fixtureSnapshots } from '../corpus';
import { type PageServer, servePage } from './server';

/** A browser of the system; without one these tests cannot run, and say so. */
const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
);
if (executable === undefined)
  process.stderr.write('The page in a browser: skipped, there is no Chromium (set CHROMIUM).\n');

describe.skipIf(executable === undefined)('the page in a browser', () => {
  let server: PageServer;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    server = await servePage();
    browser = await chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
  });
  afterEach(async () => {
    // Violations of the security policy are among them.
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  async function open(
    scenario: string,
    more: { theme?: string; width?: number; reducedMotion?: 'reduce'; given?: SnapshotDescription } = {},
  ): Promise<void> {
    const context = await browser.newContext({
      viewport: { width: more.width ?? 1280, height: 800 },
      ...(more.reducedMotion === undefined ? {} : { reducedMotion: more.reducedMotion }),
    });
    page = await context.newPage();
    complaints = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    if (more.given !== undefined) {
      await page.addInitScript((bytes) => Object.assign(window, { givenSnapshot: bytes }), [...pack(more.given)]);
    }
    await page.goto(server.url(scenario, more.theme));
  }

  interface FakeHost {
    asked: { method: string; params: Record<string, unknown> }[];
    heard: { event: string; body: unknown }[];
    cancelled: number;
    say(event: string, body: unknown): void;
  }
  const host = <T>(read: (fake: FakeHost) => T): Promise<T> =>
    page.evaluate(`(${read.toString()})(window.fakeHost)`) as Promise<T>;
  const rows = () => page.locator('[role="treegrid"] .rows [role="row"]');
  const row = (name: string) =>
    rows()
      .filter({ has: page.locator('.label').getByText(name, { exact: true }) })
      .first();
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent ?? null);

  it('shows the facts, the operators and the health of a snapshot', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    const facts = await page.locator('.facts').textContent();
    for (const fact of [
      'Canonical savepoint',
      'metadata version 6 (Flink 2.1 and later)',
      'checkpoint 17',
      '1.03\u00a0GB in 17 files',
      'all files found',
    ]) {
      expect(facts).toContain(fact);
    }
    expect(await rows().count()).toBe(6);
    expect(await page.locator('.footer').textContent()).toContain('212\u00a0kB');
    expect(await page.locator('.health li').count()).toBe(2);
  });

  it('is worked with the keyboard alone', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    await page.keyboard.press('Tab');
    for (let i = 0; i < 20 && (await focused()) === null; i++) await page.keyboard.press('Tab');
    expect(await focused()).toBe('User profiles');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('[role="row"][aria-level="2"]').count()).toBe(5);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('counters');
    await page.keyboard.press('p');
    expect(await focused()).toBe('profile');
    await page.keyboard.press('Enter');
    expect(await row('updatedAt').getAttribute('aria-level')).toBe('3');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('User profiles');
    await page.keyboard.press('ArrowLeft');
    expect(await rows().count()).toBe(6);
    await page.keyboard.press('End');
    expect(await focused()).toBe('Sink: warehouse');
    await page.keyboard.press('Control+c');
    await expect
      .poll(() => host((fake) => fake.asked.filter((a) => a.method === 'copy').map((a) => a.params['text'])))
      .toEqual(['Sink: warehouse']);
    await page.keyboard.press('Escape');
    expect(await page.locator('.details').count()).toBe(0);
  });

  it('is a treegrid to screen readers', async () => {
    await open('shop');
    await row('User profiles').click();
    const grid = page.locator('[role="treegrid"]');
    expect(await grid.getAttribute('aria-rowcount')).toBe('12');
    expect(await grid.getAttribute('aria-label')).toBe('Operators and states');
    const attributes = await row('counters').evaluate((e) =>
      Object.fromEntries(e.getAttributeNames().map((n) => [n, e.getAttribute(n)])),
    );
    expect(attributes).toMatchObject({
      'aria-level': '2',
      'aria-expanded': 'false',
      'aria-posinset': '1',
      'aria-setsize': '5',
      'aria-rowindex': '3',
    });
    expect(await page.locator('[role="row"][tabindex="0"]').count()).toBe(1);
    expect(await page.locator('[role="columnheader"][aria-sort="descending"]').textContent()).toBe('Bytes');
    expect(await page.locator('[role="row"][aria-selected="true"]').count()).toBe(1);
  });

  it('gives menus what their commands need, and only as text', async () => {
    await open('shop');
    const context = JSON.parse((await row('User profiles').getAttribute('data-vscode-context')) ?? '') as unknown;
    expect(context).toEqual({
      webviewSection: 'operator',
      name: 'User profiles',
      operatorId: 'bc764cd8ddf7a0cff126f51c16239658',
      uid: 'users',
      hasUid: true,
      preventDefaultContextMenuItems: true,
    });
  });

  it('shows details of the selected state and copies its type', async () => {
    await open('shop');
    await row('User profiles').click();
    await row('counters').click();
    await page.getByRole('button', { name: 'Copy Value type' }).click();
    await expect
      .poll(() => host((fake) => fake.asked.at(-1)))
      .toEqual({ method: 'copy', params: { text: 'map<string, long>' } });
    expect(await host((fake) => fake.heard.at(-1)?.body)).toEqual({
      operator: 'bc764cd8ddf7a0cff126f51c16239658',
      state: 'counters',
    });
  });

  it('shows every snapshot of this repository as the engine describes it, with all its rows', async () => {
    const stored = fixtureSnapshots();
    expect(stored.length).toBeGreaterThan(0);
    for (const { path } of stored.slice(0, 4)) {
      const given = await describeSnapshot(path, nodeFileStore);
      await open('given', { given });
      await page.getByRole('button', { name: 'Expand all' }).click();
      const states = given.operators.reduce((sum, operator) => sum + operator.states.length, 0);
      const count = Number(await page.locator('[role="treegrid"]').getAttribute('aria-rowcount'));
      expect(count).toBeGreaterThanOrEqual(1 + given.operators.length + states);
      if (path !== stored.slice(0, 4).at(-1)?.path) await page.context().close();
    }
  });

  it('shows the row that the extension asks for, and clears a filter that hides it', async () => {
    await open('shop');
    await page.getByRole('searchbox').fill('feed');
    await expect.poll(() => rows().count()).toBe(1);
    await host((fake) => fake.say('focus', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'lastSeen' }));
    await expect.poll(focused).toBe('lastSeen');
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('keeps what is open and selected when the snapshot is read again, and when the page is made anew', async () => {
    await open('shop');
    await row('User profiles').click();
    await row('history').click();
    await host((fake) => fake.say('changed', null));
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'load').length)).toBe(2);
    await expect.poll(focused).toBe('history');
    await page.reload();
    await row('history').waitFor();
    expect(await page.locator('.details h3').textContent()).toBe('history');
  });

  it('takes names for text, never for markup', async () => {
    await open('hostile');
    await rows().first().waitFor();
    expect(await page.locator('img, b, script:not([nonce])').count()).toBe(0);
    expect(await rows().first().textContent()).toContain('<img src=x onerror=alert(1)>');
  });

  it('stays quick with thousands of operators, of which it draws those in sight', async () => {
    await open('large');
    await rows().first().waitFor();
    const expand = await page.evaluate(() => {
      const start = performance.now();
      document.querySelector<HTMLElement>('[aria-label="Expand all"]')?.click();
      return performance.now() - start;
    });
    expect(await page.locator('[role="treegrid"]').getAttribute('aria-rowcount')).toBe('21001');
    expect(await rows().count()).toBeLessThan(80);
    expect(expand).toBeLessThan(1000);
    await rows().first().focus();
    await page.keyboard.press('End');
    expect(await focused()).toBe('state-5');
    expect(await rows().last().getAttribute('aria-rowindex')).toBe('21001');
    expect(await rows().count()).toBeLessThan(80);
  });

  it('opens at once with thousands of operators', async () => {
    await open('large');
    const start = Date.now();
    await rows().first().waitFor();
    expect(Date.now() - start).toBeLessThan(5000);
  });

  it('has a page for an error, with buttons that work', async () => {
    await open('truncated');
    await page.getByRole('heading', { name: 'This file was cut off' }).waitFor();
    const text = await page.locator('main').textContent();
    for (const part of ['313 are left', '/_metadata', '1,200 (0x4b0)', 'subtask 3', 'TRUNCATED'])
      expect(text).toContain(part);
    await page.getByText('Copy Details').click();
    await page.getByText('Open With…').click();
    await page.getByText('Try Again').click();
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'load').length)).toBe(2);
    expect(await host((fake) => fake.asked.find((a) => a.method === 'act')?.params)).toEqual({ action: 'openWith' });
    expect(await host((fake) => String(fake.asked.find((a) => a.method === 'copy')?.params['text']))).toContain(
      'offset: 1200',
    );
  });

  it('names the other program’s file and offers another editor first', async () => {
    await open('parquet');
    await page.getByRole('heading', { name: 'This is not a Flink snapshot' }).waitFor();
    expect(await page.locator('.buttons > *').first().textContent()).toBe('Open With…');
  });

  it('waits with a sign of life, and stops when told to', async () => {
    await open('slow');
    await page.locator('.ring').waitFor();
    await expect.poll(() => page.locator('.waiting-text').textContent(), { timeout: 5000 }).toContain('1 s');
    await page.getByText('Cancel').click();
    await page.getByRole('heading', { name: 'Reading was cancelled' }).waitFor();
    expect(await host((fake) => fake.cancelled)).toBe(1);
    expect(await page.locator('.ring').count()).toBe(0);
  });

  it('tells a page of another version to reload', async () => {
    await open('oldPage');
    await page.getByRole('heading', { name: 'This version is not known' }).waitFor();
    expect(await page.locator('main').textContent()).toContain('Reload the window');
  });

  it('shows sizes in the units of the setting as soon as it changes', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    await host((fake) => fake.say('settings', { sizeUnits: 'binary', locale: 'en' }));
    await expect.poll(() => row('User profiles').textContent()).toContain('707\u00a0MiB');
  });

  it.each(['dark-modern', 'light-modern', 'hc-black', 'hc-light'])(
    'is legible in %s: text against what is behind it',
    async (theme) => {
      await open('damaged', { theme });
      await row('User profiles').click();
      const poor = await page.evaluate(poorContrast);
      expect(poor).toEqual([]);
    },
  );

  it.each([1280, 700, 480, 320])('fits into %d pixels', async (width) => {
    await open('damaged', { width });
    await row('User profiles').click();
    const wider = await page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('div.content, .side, .header')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    expect(wider).toEqual([]);
  });

  it('moves nothing for who wants no motion', async () => {
    await open('shop', { reducedMotion: 'reduce' });
    await row('User profiles').waitFor();
    const durations = await page.evaluate(() =>
      [...document.querySelectorAll('.twisty .icon, .icon-button')].map((e) => getComputedStyle(e).transitionDuration),
    );
    expect(new Set(durations)).toEqual(new Set(['0s']));
  });
});

/** Texts whose contrast is below 4.5 to 1, the AA level of WCAG. Runs in the page. */
function poorContrast(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) throw new Error('No canvas.');
  const rgba = (color: string): number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top: number[], below: number[]): number[] => {
    const a = (top[3] ?? 0) / 255;
    return [0, 1, 2].map((i) => (top[i] ?? 0) * a + (below[i] ?? 0) * (1 - a)).concat(255);
  };
  const behind = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255, 255];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return (own[3] ?? 0) === 255 ? own : over(own, behind(element.parentElement));
  };
  const light = (color: number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map((c) =>
      c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || node.textContent?.trim() === '' || element.closest('.spoken, script') !== null) continue;
    if (element.getClientRects().length === 0) continue;
    const back = behind(element);
    const front = over(rgba(getComputedStyle(element).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
    if (ratio < 4.5) found.add(`${element.className}: ${node.textContent?.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return [...found];
}
