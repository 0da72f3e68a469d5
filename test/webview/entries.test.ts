import * as path from 'node:path';
import { expect, it } from 'vitest';
import { describeSnapshot } from '../../src/engine/inspect';
import { nodeFileStore } from '../../src/engine/storage/nodeFileStore';
import { pack, unpack } from '../../src/rpc/msgpack';
import type { EntryPlace } from '../../src/view/shownEntries';
import { EntrySessions } from '../../src/worker/entries/entrySessions';
import { describePages, type FakeHost, type OpenOptions, poorContrast } from './browser';

const users = { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'profile', backend: 'canonical' };

describePages('the page of a state in a browser', (pages) => {
  const host = <T>(read: (fake: FakeHost) => T): Promise<T> => pages.host(read);
  const table = () => pages.page.locator('table.entries');
  const rows = () => table().locator('tbody tr');
  /** Text of the cell in a row and a column, both from 0; column 0 is the row's number. */
  const cell = (row: number, column: number) => rows().nth(row).locator('td').nth(column);
  const focused = () => pages.page.evaluate(() => document.activeElement?.textContent ?? null);
  const asked = (method: string) =>
    pages.page.evaluate(
      (name) =>
        (window as unknown as { fakeHost: FakeHost }).fakeHost.asked
          .filter((a) => a.method === name)
          .map((a) => a.params),
      method,
    );
  const keyInput = () => pages.page.getByRole('textbox', { name: /^Key/ });
  const filterInput = () => pages.page.getByRole('textbox', { name: /^Filter/ });
  const button = (name: string) => pages.page.getByRole('button', { name, exact: true });
  const note = () => pages.page.locator('.entries-note');

  async function open(scenario = 'shop', more: OpenOptions = {}): Promise<void> {
    await pages.open(scenario, more);
    await pages.page.locator('[role="treegrid"] [role="row"]').first().waitFor();
    await host((fake) =>
      fake.say('showEntries', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'profile', backend: 'canonical' }),
    );
    await pages.page.locator('.state-page').waitFor();
  }

  it('opens with a click on the name, Enter and the button, and goes back with Alt+Left, the button and the path', async () => {
    await pages.open('shop');
    const label = (name: string) => pages.page.locator('[role="treegrid"] .label').getByText(name, { exact: true });
    await label('User profiles').click();
    await label('profile').click();
    await rows().first().waitFor();
    expect(await pages.page.locator('.state-page h1').textContent()).toBe('profile');
    await expect.poll(focused).toBe('user-000000000');
    await pages.page.keyboard.press('Alt+ArrowLeft');
    await pages.page.locator('[role="treegrid"]').waitFor();
    await expect
      .poll(() => pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent))
      .toBe('profile');
    await pages.page.keyboard.press('Enter');
    await rows().first().waitFor();
    await button('Back to the Snapshot').click();
    await button('Show Entries').click();
    await rows().first().waitFor();
    expect((await asked('entryPage')).map((params) => params['target'])).toEqual([users, users, users]);
    await pages.page.getByRole('button', { name: 'User profiles' }).click();
    expect(await pages.page.locator('.details h3').textContent()).toBe('User profiles');
  });

  it('shows numbers, texts, null, nothing and undecoded bytes each as what it is', async () => {
    await open();
    await rows().first().waitFor();
    expect(await rows().count()).toBe(100);
    expect(await table().locator('thead .head-name').allTextContents()).toEqual([
      ...['#', 'key', 'amount', 'id', 'name', 'tags', 'last access', 'key group', 'subtask'],
    ]);
    expect(await cell(1, 2).textContent()).toBe('NaN');
    expect(await cell(2, 2).textContent()).toBe('-0.0');
    expect(await cell(3, 2).textContent()).toBe('-Infinity');
    expect(await cell(0, 3).textContent()).toBe('9223372036854775807');
    expect(await cell(2, 4).textContent()).toBe('""empty text');
    expect(await cell(6, 2).textContent()).toBe('null');
    expect(await cell(6, 3).textContent()).toBe('—not there');
    expect(await cell(5, 2).textContent()).toContain('[12] 00 01 ff');
    expect(await cell(5, 2).getAttribute('title')).toContain('a subclass that the snapshot does not describe');
    expect(await cell(0, 6).getAttribute('title')).toBe('2023-11-14T22:13:20Z');
    expect(await cell(4, 4).textContent()).toBe('<img src=x onerror=alert(1)>');
    expect(await pages.page.locator('img').count()).toBe(0);
  });

  it('turns pages to the last one and back', async () => {
    await open();
    await rows().first().waitFor();
    expect(await button('Previous').getAttribute('disabled')).not.toBeNull();
    await button('Next 100').click();
    await expect.poll(() => pages.page.locator('.entries-status').textContent()).toContain('Entries 101 to 200');
    expect(await rows().first().getAttribute('aria-rowindex')).toBe('102');
    await button('Next 100').click();
    await expect.poll(() => pages.page.locator('.entries-status').textContent()).toContain('Entries 201 to 230');
    expect(await rows().count()).toBe(30);
    expect(await table().getAttribute('aria-rowcount')).toBe('231');
    expect(await button('Next 100').getAttribute('disabled')).not.toBeNull();
    await button('Previous').click();
    await expect.poll(() => rows().count()).toBe(100);
    expect(await cell(0, 0).textContent()).toBe('101');
  });

  it('is worked with the keyboard: one cell has the focus', async () => {
    await open();
    await expect.poll(focused).toBe('user-000000000');
    const press = (key: string) => pages.page.keyboard.press(key);
    await press('ArrowDown');
    await press('ArrowRight');
    expect(await focused()).toBe('NaN');
    await press('Home');
    expect(await focused()).toBe('2');
    await press('End');
    expect(await focused()).toBe('1');
    await press('Control+End');
    expect(await cell(99, 8).evaluate((e) => e === document.activeElement)).toBe(true);
    await press('PageUp');
    const row = await pages.page.evaluate(() => Number(document.activeElement?.closest('tr')?.dataset['row']));
    expect(row).toBeLessThan(95);
    expect(row).toBeGreaterThan(50);
    await press('Control+Home');
    await press('ArrowUp');
    await press('ArrowLeft');
    expect(await focused()).toBe('1');
    expect(await table().locator('td[tabindex="0"]').count()).toBe(1);
    expect(await table().locator('tr[aria-selected="true"]').count()).toBe(1);
    await press('ArrowRight');
    await press('Control+c');
    await expect.poll(async () => (await asked('copyEntry')).at(-1)).toMatchObject({ page: 0, row: 0, column: 'key' });
    await host((fake) => fake.say('copyEntry', 'row'));
    await expect.poll(async () => (await asked('copyEntry')).at(-1)).toMatchObject({ row: 0, column: null });
    await press('Enter');
    expect(await pages.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tab');
    await press('ArrowRight');
    await pages.page.locator('pre.json').waitFor();
    await press('Escape');
    expect(await focused()).toBe('user-000000000');
  });

  it('puts the entry with the focus into a plan', async () => {
    await open();
    await rows().nth(2).locator('td').nth(1).click();
    await button('Modify This Entry…').click();
    await expect
      .poll(async () => (await asked('modifyEntry')).at(-1))
      .toMatchObject({ target: users, page: 0, row: 2 });
    await rows().nth(1).locator('td').nth(1).click();
    await host((fake) => fake.say('modifyEntry', null));
    await expect.poll(async () => (await asked('modifyEntry')).at(-1)).toMatchObject({ row: 1 });
  });

  it('shows the selected entry as a tree, as JSON and as bytes', async () => {
    await open();
    await cell(3, 1).click();
    const side = pages.page.locator('.entry-side');
    await side.getByText('Entry 4', { exact: true }).waitFor();
    const tree = await side.locator('.entry-view').textContent();
    for (const part of [
      'pojo com.acme.shop.User',
      'amount: -Infinity double',
      'nothing: null',
      '2: "beta" string',
      'It is longer',
    ])
      expect(tree).toContain(part);
    await pages.page.getByRole('tab', { name: 'JSON' }).click();
    expect(await side.locator('pre').textContent()).toContain('"amount": -Infinity');
    await pages.page.getByRole('tab', { name: 'Bytes' }).click();
    const bytes = await side.locator('.entry-view').textContent();
    expect(bytes).toContain('0000  41 48 4f 56 5d 64 6b 72  AHOV]dkr');
    expect(bytes).toContain('The first 4,096 of 70,000 bytes.');
    expect(bytes).toContain('75 73 65 72 2d');
    expect(bytes).toContain('part-1, compressed from offset 4,096 on, there at 17');
    expect(await side.locator('.fact-list').textContent()).toContain('fdc4525c-9d1f-4e55-b6d3-6d8e7f7a2c10');
    await cell(5, 1).click();
    await side.getByText('Entry 6', { exact: true }).waitFor();
    await pages.page.getByRole('tab', { name: 'Value' }).click();
    expect(await side.locator('.entry-view').textContent()).toContain('a subclass that the snapshot does not describe');
  });

  it('looks a key up, and says plainly that it is not there or no key', async () => {
    await open();
    await rows().first().waitFor();
    await keyInput().fill('user-000007919');
    await keyInput().press('Enter');
    await expect.poll(() => rows().count()).toBe(1);
    expect(await asked('entryPage').then((all) => all.at(-1))).toMatchObject({
      key: 'user-000007919',
      filter: null,
      page: 0,
    });
    await keyInput().fill('nobody');
    await button('Look Up').click();
    await expect.poll(() => note().textContent()).toContain('There is no entry under this key.');
    expect(await note().textContent()).toContain('Only key group 42 was read');
    await keyInput().fill('{');
    await keyInput().press('Enter');
    const complaint = pages.page.locator('.complaint:visible');
    await complaint.waitFor();
    expect(await complaint.textContent()).toContain('does not fit its type, string');
    expect(await keyInput().getAttribute('aria-invalid')).toBe('true');
    expect(await keyInput().evaluate((e) => e === document.activeElement)).toBe(true);
    await button('Show every key').click();
    await expect.poll(() => rows().count()).toBe(100);
    expect(await complaint.count()).toBe(0);
  });

  it('filters, and says beside the filter what is wrong with it', async () => {
    await open();
    await rows().first().waitFor();
    await filterInput().fill('value.amount < 0.0');
    await filterInput().press('Enter');
    await expect.poll(() => rows().count()).toBe(23);
    expect(await pages.page.locator('.entries-status').textContent()).toContain('230 entries read');
    await filterInput().fill('value.');
    await button('Filter').click();
    await pages.page.locator('.where .complaint', { hasText: 'unexpected end' }).waitFor();
    expect(await rows().count()).toBe(0);
    expect(await keyInput().getAttribute('aria-invalid')).toBeNull();
  });

  it('shows what was found while it reads, stops when told to, and goes on', async () => {
    await open('slowEntries');
    await expect.poll(() => rows().count()).toBeGreaterThan(2);
    expect(await table().getAttribute('aria-busy')).toBe('true');
    await expect.poll(() => pages.page.locator('.entries-progress').textContent()).toMatch(/000 entries read/);
    await button('Stop').click();
    await expect.poll(() => note().textContent()).toContain('Stopped');
    expect(await host((fake) => fake.cancelled)).toBe(1);
    expect(await button('Stop').count()).toBe(0);
    const before = await rows().count();
    await button('Continue').click();
    await expect.poll(() => rows().count()).toBeGreaterThan(before + 2);
    const numbers = await table().locator('.ordinal').allTextContents();
    expect(numbers).toEqual(numbers.map((_, i) => String(i + 1)));
    await pages.page.keyboard.press('Alt+ArrowLeft');
    await expect.poll(() => host((fake) => fake.cancelled)).toBe(2);
  });

  it('says that the reading thread died, and works when tried again', async () => {
    await open('deadEngine');
    await pages.page.getByRole('alert').getByText('The reading thread ended unexpectedly').waitFor();
    await button('Try Again').click();
    await expect.poll(() => rows().count()).toBe(100);
  });

  it('says what of the state could not be read', async () => {
    await open('damaged');
    await rows().first().waitFor();
    const alert = await pages.page.locator('.entries-unread').textContent();
    expect(alert).toContain('subtask 2: There is no file fdc4525c.');
    expect(alert).toContain('3 more');
  });

  it('is there again after a reload, with its key, filter and page; and reads anew when the snapshot changed', async () => {
    await open();
    await button('Next 100').click();
    await expect.poll(() => cell(0, 0).textContent()).toBe('101');
    await cell(4, 1).click();
    await pages.page.reload();
    await expect.poll(() => cell(0, 0).textContent()).toBe('101');
    await pages.page.locator('.entry-side').getByText('Entry 105', { exact: true }).waitFor();
    await host((fake) => fake.say('changed', null));
    await expect.poll(async () => (await asked('entryPage')).length).toBe(2);
    await filterInput().fill('true');
    await filterInput().press('Enter');
    await expect.poll(() => rows().count()).toBe(23);
    await pages.page.reload();
    await expect.poll(() => rows().count()).toBe(23);
    expect(await filterInput().inputValue()).toBe('true');
    await host((fake) => fake.say('focus', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'history' }));
    await pages.page.locator('[role="row"][aria-selected="true"]', { hasText: 'history' }).waitFor();
  });

  it('shows states of a real snapshot as the engine reads them', async () => {
    const sample = path.resolve(import.meta.dirname, '../../media/sample');
    const sessions = new EntrySessions(nodeFileStore);
    const signal = new AbortController().signal;
    const engine = async (method: string, packed: number[]): Promise<number[]> => {
      const of = { ...(unpack(Uint8Array.from(packed)) as EntryPlace), path: sample, version: 1 };
      const answer =
        method === 'entryPage' ? await sessions.page(of, signal, () => {}) : await sessions.detail(of, signal);
      return [...pack(answer)];
    };
    const given = await describeSnapshot(sample, nodeFileStore);
    await pages.open('given', { given, engine });
    let seen = 0;
    for (const { id, states } of given.operators) {
      for (const { name, backend } of states) {
        await pages.page.evaluate(
          (target) => (window as unknown as { fakeHost: FakeHost }).fakeHost.say('showEntries', target),
          { operator: id, state: name, backend },
        );
        await pages.page.locator('.state-page h1', { hasText: name }).waitFor();
        await expect.poll(() => table().getAttribute('aria-busy')).toBe('false');
        if ((await rows().count()) === 0) {
          expect(await note().textContent(), name).toBe('This state has no entries.');
          continue;
        }
        await pages.page.locator('.entry-details').waitFor();
        expect(await pages.page.locator('.entry-view').textContent()).not.toBe('');
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(15);
    await sessions.close(sample);
  }, 120_000);

  it.each(['dark-modern', 'light-modern', 'hc-black', 'hc-light'])(
    'is legible in %s: text against what is behind it',
    async (theme) => {
      await open('damaged', { theme });
      await pages.page.locator('.entry-details').waitFor();
      expect(await pages.page.evaluate(poorContrast)).toEqual([]);
      await cell(5, 2).click();
      await pages.page.getByText('Entry 6', { exact: true }).waitFor();
      expect(await pages.page.evaluate(poorContrast)).toEqual([]);
    },
  );

  it.each([1280, 930, 700, 480, 320])('fits into %d pixels', async (width) => {
    await open('shop', { width });
    await pages.page.locator('.entry-details').waitFor();
    const wider = await pages.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.state-page, .header, .query, .side, .split')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    expect(wider).toEqual([]);
  });
});
