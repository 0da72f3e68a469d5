import { expect, it } from 'vitest';
import { describeSnapshot } from '../../src/engine/inspect';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { fixtureSnapshots } from '../corpus';
import { describePages, type FakeHost, type OpenOptions, poorContrast } from './browser';
import { operator, snapshot } from './samples';

describePages('the page in a browser', (pages) => {
  const open = (scenario: string, more?: OpenOptions) => pages.open(scenario, more);
  const host = <T>(read: (fake: FakeHost) => T): Promise<T> => pages.host(read);
  const rows = () => pages.page.locator('[role="treegrid"] .rows [role="row"]');
  const row = (name: string) =>
    rows()
      .filter({ has: pages.page.locator('.label').getByText(name, { exact: true }) })
      .first();
  const focused = () => pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent ?? null);

  it('shows the facts, the operators and the health of a snapshot', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    const facts = await pages.page.locator('.facts').textContent();
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
    expect(await pages.page.locator('.footer').textContent()).toContain('212\u00a0kB');
    await pages.page.locator('.health li.ok').first().waitFor();
  });

  it('says of a snapshot that a plan made what was proved, and shows the plan', async () => {
    await open('written');
    const written = pages.page.locator('.health .written');
    await written.getByText('Written by savepoint-explorer 0.1.0 and proved by reading it back.').waitFor();
    expect(await written.locator('.proof li').allTextContents()).toEqual([
      '6 operators read back',
      '741\u00a0MB of files the same as in the source',
      '12\u00a0kB of key groups the same as in the source',
      '1,200 entries written anew',
      '1,200 keys in the key group that their hash says',
      '3 states the same entry by entry',
    ]);
    await written.getByRole('button', { name: 'Show the Plan' }).click();
    await pages.page.getByRole('button', { name: 'Modify…' }).click();
    await pages.page.locator('header').getByRole('button', { name: 'Rescale…' }).click();
    await pages.page.getByRole('button', { name: 'Bootstrap…' }).click();
    await expect
      .poll(() => host((fake) => fake.asked.filter((a) => a.method === 'act').map((a) => a.params['action'])))
      .toEqual(['showPlan', 'modify', 'rescale', 'bootstrap']);
    expect(await pages.page.evaluate(poorContrast)).toEqual([]);
  });

  it('is worked with the keyboard alone', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    await pages.page.keyboard.press('Tab');
    for (let i = 0; i < 20 && (await focused()) === null; i++) await pages.page.keyboard.press('Tab');
    expect(await focused()).toBe('User profiles');
    await pages.page.keyboard.press('ArrowRight');
    expect(await pages.page.locator('[role="row"][aria-level="2"]').count()).toBe(5);
    await pages.page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('counters');
    await pages.page.keyboard.press('p');
    expect(await focused()).toBe('profile');
    await pages.page.keyboard.press(' ');
    expect(await row('updatedAt').getAttribute('aria-level')).toBe('3');
    await pages.page.keyboard.press('ArrowLeft');
    await pages.page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('User profiles');
    await pages.page.keyboard.press('ArrowLeft');
    expect(await rows().count()).toBe(6);
    await pages.page.keyboard.press('End');
    expect(await focused()).toBe('Sink: warehouse');
    await pages.page.keyboard.press('Control+c');
    await expect
      .poll(() => host((fake) => fake.asked.filter((a) => a.method === 'copy').map((a) => a.params['text'])))
      .toEqual(['Sink: warehouse']);
    await pages.page.keyboard.press('Escape');
    expect(await pages.page.locator('.details').count()).toBe(0);
  });

  it('is a treegrid to screen readers', async () => {
    await open('shop');
    await row('User profiles').click();
    const grid = pages.page.locator('[role="treegrid"]');
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
    expect(await pages.page.locator('[role="row"][tabindex="0"]').count()).toBe(1);
    expect(await pages.page.locator('[role="columnheader"][aria-sort="descending"]').textContent()).toBe('Bytes');
    expect(await pages.page.locator('[role="row"][aria-selected="true"]').count()).toBe(1);
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
      isNameable: false,
      preventDefaultContextMenuItems: true,
    });
  });

  it('shows details of the selected state and copies its type', async () => {
    await open('shop');
    await row('User profiles').click();
    await row('counters').click();
    await pages.page.getByRole('button', { name: 'Copy Value type' }).click();
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
      await pages.page.getByRole('button', { name: 'Expand all' }).click();
      const states = given.operators.reduce((sum, operator) => sum + operator.states.length, 0);
      const count = Number(await pages.page.locator('[role="treegrid"]').getAttribute('aria-rowcount'));
      expect(count).toBeGreaterThanOrEqual(1 + given.operators.length + states);
      if (path !== stored.slice(0, 4).at(-1)?.path) await pages.close();
    }
  });

  it('shows the row that the extension asks for, and clears a filter that hides it', async () => {
    await open('shop');
    await pages.page.getByRole('searchbox').fill('feed');
    await expect.poll(() => rows().count()).toBe(1);
    await host((fake) => fake.say('focus', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'lastSeen' }));
    await expect.poll(focused).toBe('lastSeen');
    expect(await pages.page.getByRole('searchbox').inputValue()).toBe('');
  });

  it('keeps what is open and selected when the snapshot is read again, and when the page is made anew', async () => {
    await open('shop');
    await row('User profiles').click();
    await row('history').click();
    await host((fake) => fake.say('changed', null));
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'load').length)).toBe(2);
    await expect.poll(focused).toBe('history');
    await pages.page.reload();
    await row('history').waitFor();
    expect(await pages.page.locator('.details h3').textContent()).toBe('history');
  });

  it('takes names for text, never for markup', async () => {
    await open('hostile');
    await rows().first().waitFor();
    expect(await pages.page.locator('img, b, script:not([nonce])').count()).toBe(0);
    expect(await rows().first().textContent()).toContain('<img src=x onerror=alert(1)>');
    await pages.page.getByRole('button', { name: 'Expand all' }).click();
    expect(await rows().nth(2).textContent()).toContain('safe[U+202E]gnp.exe');
  });

  it.each([1280, 930])(
    'shows all of a warning about skew beside a picture of many subtasks, in %d pixels',
    async (width) => {
      const subtaskBytes = Array.from({ length: 300 }, (_, subtask) => ({
        subtask,
        bytes: subtask === 7 ? 200_000 : 1000,
      }));
      const skewed = operator('a'.repeat(32), { name: 'skewed', parallelism: 300, subtasks: 300, subtaskBytes });
      await pages.open('given', { given: snapshot({ operators: [skewed] }), width });
      const spread = rows().first().locator('.spread');
      await spread.locator('.skew').waitFor();
      expect(await spread.evaluate((cell) => cell.scrollWidth - cell.clientWidth)).toBeLessThanOrEqual(0);
      const right = await spread.locator('.skew').evaluate((mark) => mark.getBoundingClientRect().right);
      expect(right).toBeLessThanOrEqual(await spread.evaluate((cell) => cell.getBoundingClientRect().right));
    },
  );

  it.each([1280, 640, 420])('shows sizes in the picture whole or not at all, in %d pixels', async (width) => {
    await open('shop', { width });
    await pages.page.locator('.area').first().waitFor();
    const sizes = await pages.page.locator('.area-size:not(.error)').evaluateAll((all) =>
      all.map((size) => {
        const area = size.parentElement?.getBoundingClientRect();
        const isCut = size.scrollWidth > size.clientWidth || size.getBoundingClientRect().right > (area?.right ?? 0);
        return { text: size.textContent, isCut };
      }),
    );
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.filter(({ isCut }) => isCut)).toEqual([]);
  });

  it('has room for the table in a window with a side bar', async () => {
    await open('shop', { width: 920 });
    await pages.page.setViewportSize({ width: 920, height: 676 });
    await rows().first().waitFor();
    const side = await pages.page.locator('.split > .side').boundingBox();
    const last = await rows().nth(3).boundingBox();
    expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(side?.y ?? 0);
  });

  it('draws those in sight of thousands of operators', async () => {
    await open('large');
    await rows().first().waitFor();
    await pages.page.getByRole('button', { name: 'Expand all' }).click();
    expect(await pages.page.locator('[role="treegrid"]').getAttribute('aria-rowcount')).toBe('21001');
    expect(await rows().count()).toBeLessThan(80);
    await rows().first().focus();
    await pages.page.keyboard.press('End');
    expect(await focused()).toBe('state-5');
    expect(await rows().last().getAttribute('aria-rowindex')).toBe('21001');
    expect(await rows().count()).toBeLessThan(80);
    // The heads stay above what is scrolled, and cover no row that has the focus.
    const top = async (selector: string) =>
      await pages.page
        .locator(selector)
        .first()
        .evaluate((element) => element.getBoundingClientRect().top);
    const heads = '[role="treegrid"] .heads';
    expect(await top(heads)).toBe(await top('.content'));
    for (let i = 0; i < 40; i++) await pages.page.keyboard.press('ArrowUp');
    const focus = await pages.page.evaluate(() => document.activeElement?.getBoundingClientRect().top);
    const bottom = await pages.page.locator(heads).evaluate((element) => element.getBoundingClientRect().bottom);
    expect(focus).toBe(bottom);
  });

  it('has a page for an error, with buttons that work', async () => {
    await open('truncated');
    await pages.page.getByRole('heading', { name: 'This file was cut off' }).waitFor();
    const text = await pages.page.locator('main').textContent();
    for (const part of ['313 are left', '/_metadata', '1,200 (0x4b0)', 'subtask 3', 'TRUNCATED'])
      expect(text).toContain(part);
    await pages.page.getByText('Copy Details').click();
    await pages.page.getByText('Open With…').click();
    await pages.page.getByText('Try Again').click();
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'load').length)).toBe(2);
    expect(await host((fake) => fake.asked.find((a) => a.method === 'act')?.params)).toEqual({ action: 'openWith' });
    expect(await host((fake) => String(fake.asked.find((a) => a.method === 'copy')?.params['text']))).toContain(
      'offset: 1200',
    );
  });

  it('names the other program’s file and offers another editor first', async () => {
    await open('parquet');
    await pages.page.getByRole('heading', { name: 'This is not a Flink snapshot' }).waitFor();
    expect(await pages.page.locator('.buttons > *').first().textContent()).toBe('Open With…');
  });

  it('waits with a sign of life, and stops when told to', async () => {
    await open('slow');
    await pages.page.locator('.ring').waitFor();
    await expect.poll(() => pages.page.locator('.waiting-text').textContent(), { timeout: 5000 }).toContain('1 s');
    await pages.page.getByText('Cancel').click();
    await pages.page.getByRole('heading', { name: 'Reading was cancelled' }).waitFor();
    expect(await host((fake) => fake.cancelled)).toBe(1);
    expect(await pages.page.locator('.ring').count()).toBe(0);
  });

  it('tells a page of another version to reload', async () => {
    await open('oldPage');
    await pages.page.getByRole('heading', { name: 'This version is not known' }).waitFor();
    expect(await pages.page.locator('main').textContent()).toContain('Reload the window');
  });

  it('shows sizes in the units of the setting as soon as it changes', async () => {
    await open('shop');
    await row('User profiles').waitFor();
    await host((fake) => fake.say('settings', { sizeUnits: 'binary', timeZone: 'utc', locale: 'en' }));
    await expect.poll(() => row('User profiles').textContent()).toContain('707\u00a0MiB');
  });

  it.each(['dark-modern', 'light-modern', 'hc-black', 'hc-light'])(
    'is legible in %s: text against what is behind it',
    async (theme) => {
      await open('damaged', { theme });
      await row('User profiles').click();
      const poor = await pages.page.evaluate(poorContrast);
      expect(poor).toEqual([]);
    },
  );

  it.each([1280, 700, 480, 320])('fits into %d pixels', async (width) => {
    await open('damaged', { width });
    await row('User profiles').click();
    const wider = await pages.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('div.content, .side, .header')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    expect(wider).toEqual([]);
  });

  it('moves nothing for who wants no motion', async () => {
    await open('shop', { reducedMotion: 'reduce' });
    await row('User profiles').waitFor();
    const durations = await pages.page.evaluate(() =>
      [...document.querySelectorAll('.twisty .icon, .icon-button')].map((e) => getComputedStyle(e).transitionDuration),
    );
    expect(new Set(durations)).toEqual(new Set(['0s']));
  });
});
