import { expect, it } from 'vitest';
import { describePages } from '../browser';
import { StatePages, USERS, users } from './statePages';

describePages('questions to a state in a browser', (pages) => {
  const on = new StatePages(pages);
  const { press, focused } = on;
  const complaint = () => pages.page.locator('.complaint:visible');

  it('opens with a click on the name, Enter and the button, and goes back with Alt+Left, the button and the path', async () => {
    await pages.open('shop');
    const label = (name: string) => pages.page.locator('[role="treegrid"] .label').getByText(name, { exact: true });
    await label('User profiles').click();
    await label('profile').click();
    await on.filled();
    expect(await pages.page.locator('.state-page h1').textContent()).toBe('profile');
    await expect.poll(focused).toBe('user-000000000');
    await press('Alt+ArrowLeft');
    await pages.page.locator('[role="treegrid"]').waitFor();
    await expect
      .poll(() => pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent))
      .toBe('profile');
    await press('Enter');
    await on.filled();
    await on.button('Back to the Snapshot').click();
    await on.button('Show Entries').click();
    await on.filled();
    const firsts = (await on.asked('rows')).filter(
      (params) => params['before'] === 0 && 'row' in (params['at'] as object),
    );
    expect(firsts.map((params) => params['target'])).toEqual([users, users, users]);
    await pages.page.getByRole('button', { name: 'User profiles' }).click();
    expect(await pages.page.locator('.details h3').textContent()).toBe('User profiles');
  });

  it('looks a key up, and says plainly that it is not there or no key', async () => {
    await on.open();
    await on.keyInput.fill('user-000007919');
    await on.keyInput.press('Enter');
    await expect.poll(async () => (await on.seen()).map(({ cells }) => cells[0])).toEqual(['user-000007919']);
    expect(await on.work.textContent()).toContain('only key group 42 read');
    expect((await on.asked('rows')).at(-1)).toMatchObject({ key: 'user-000007919', filter: null });
    await on.keyInput.fill('{');
    await on.keyInput.press('Enter');
    await complaint().waitFor();
    expect(await complaint().textContent()).toContain('does not fit its type, string');
    expect(await on.keyInput.getAttribute('aria-invalid')).toBe('true');
    expect(await on.keyInput.evaluate((e) => e === document.activeElement)).toBe(true);
    // What was seen before stays.
    expect((await on.seen()).map(({ cells }) => cells[0])).toEqual(['user-000007919']);
    await on.keyInput.fill('nobody');
    await on.button('Look Up').click();
    await expect.poll(() => on.note.textContent()).toContain('There is no entry under this key.');
    expect(await on.note.textContent()).toContain('Only key group 42 was read');
    await on.button('Show every key').click();
    await expect.poll(() => on.status.textContent()).toMatch(/of 230$/);
    expect(await complaint().count()).toBe(0);
  });

  it('makes a key of a form', async () => {
    await on.open('shop', {
      operator: 'e883208d19e3c34f8aaf2a3168a63337',
      state: 'window-contents',
      backend: 'canonical',
    });
    await on.button('Key as a form').click();
    await pages.page.keyboard.type('user "7"');
    await press('Tab');
    await pages.page.keyboard.type('9007199254740993');
    await press('Enter');
    await expect.poll(() => on.keyInput.inputValue()).toBe('["user \\"7\\"", 9007199254740993]');
    await expect.poll(async () => (await on.asked('rows')).at(-1)?.['key']).toBe('["user \\"7\\"", 9007199254740993]');
  });

  it('shows everything under a key, and goes on to another state with it', async () => {
    await on.open();
    await on.keyInput.fill('user-000007919');
    await on.button('In All States').click();
    const states = pages.page.locator('.all-states');
    await expect.poll(() => states.textContent()).toContain('in 3 of 4 states · key group 42 · subtask 1');
    expect(await states.locator('h3').allTextContents()).toEqual([
      'profile value 1 row',
      'history list 1 row',
      'user-timers timers 40 rows',
    ]);
    expect(await states.textContent()).toContain('Not in counters.');
    expect((await on.asked('lookUpKey')).at(-1)).toMatchObject({
      operator: USERS,
      key: 'user-000007919',
      target: null,
    });
    await states.getByRole('button', { name: 'history' }).click();
    await pages.page.locator('.state-page h1', { hasText: 'history' }).waitFor();
    expect(await on.keyInput.inputValue()).toBe('"user-000007919"');
  });

  it('filters while the scan goes on, and says beside the filter what is wrong with it', async () => {
    await on.open();
    await on.filterInput.fill('value.amount < 0.0');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => on.status.textContent()).toBe('Row 1 of 23');
    expect((await on.seen()).length).toBe(23);
    await on.filterInput.fill('value.');
    await pages.page.locator('.where .complaint', { hasText: 'unexpected end' }).waitFor();
    await press('Escape');
    await on.button('Filter').click();
    await pages.page.locator('.where .complaint', { hasText: 'unexpected end' }).waitFor();
    expect(await on.keyInput.getAttribute('aria-invalid')).toBeNull();
    expect((await on.seen()).length).toBe(23);
    await on.filterInput.fill('value.amount > 1e300');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => on.note.textContent()).toBe('No entry matches the filter.');
    // A name that was mistyped looks the same, but for the reason.
    await on.filterInput.fill('value.nothing > 0');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => on.note.textContent()).toContain('it has no value: No such key: nothing');
  });

  it('completes names in the filter', async () => {
    await on.open();
    await pages.page.waitForTimeout(300);
    const before = (await on.asked('rows')).length;
    await on.filterInput.click();
    await pages.page.keyboard.type('va');
    const options = pages.page.getByRole('option');
    await expect.poll(() => options.allTextContents()).toEqual(['valuepojo com.acme.shop.User']);
    await press('Tab');
    expect(await on.filterInput.inputValue()).toBe('value');
    await pages.page.keyboard.type('.a');
    await expect.poll(() => options.count()).toBe(2);
    await press('ArrowDown');
    expect(await on.filterInput.getAttribute('aria-activedescendant')).toBe('filter-names-1');
    await press('Enter');
    expect(await on.filterInput.inputValue()).toBe('value.address');
    expect(await on.filterInput.getAttribute('aria-expanded')).toBe('false');
    expect((await on.asked('rows')).length).toBe(before);
  });

  it('stops what streams, and goes on', async () => {
    await on.open('slowEntries');
    await on.filterInput.fill('value.amount < 0.0');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => pages.page.locator('.entries-progress').textContent()).toMatch(/entries read · \d+.*match/);
    expect(await pages.page.getByRole('progressbar').getAttribute('aria-valuenow')).toMatch(/^\d+$/);
    const stops = await on.host((fake) => fake.cancelled);
    await on.button('Stop').click();
    await expect.poll(() => on.note.textContent()).toContain('Stopped');
    expect(await on.host((fake) => fake.cancelled)).toBe(stops + 1);
    const before = (await on.seen()).length;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(23);
    await on.button('Continue').click();
    await expect.poll(() => on.status.textContent(), { timeout: 10_000 }).toBe('Row 1 of 23');
    await expect.poll(() => pages.page.getByRole('progressbar').count()).toBe(0);
    await on.filterInput.fill('value.amount <= 0.0');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => pages.page.getByRole('progressbar').count()).toBe(1);
    // Who leaves wants no more of it.
    await press('Alt+ArrowLeft');
    await expect.poll(() => on.host((fake) => fake.cancelled)).toBe(stops + 2);
  });

  it('searches: the next, the one before, how many, and where in the row', async () => {
    await on.open();
    await on.cell(1, 1).click();
    await press('Control+f');
    await pages.page.keyboard.type('ADA 10');
    const status = pages.page.locator('.find-status');
    await expect.poll(() => status.textContent()).toMatch(/^\d+ matches$/);
    const total = Number((await status.textContent())?.split(' ')[0]);
    await press('Enter');
    await expect.poll(() => status.textContent()).toBe(`1 of ${total}`);
    expect(await on.status.textContent()).toBe('Row 11 of 230');
    await expect.poll(() => on.cell(11, 4).getAttribute('tabindex')).toBe('0');
    await press('Enter');
    await expect.poll(() => status.textContent()).toBe(`2 of ${total}`);
    await press('Shift+Enter');
    await expect.poll(() => status.textContent()).toBe(`1 of ${total}`);
    await press('Shift+Enter');
    await expect.poll(() => status.textContent()).toBe(`${total} of ${total}`);
    expect(await on.cell(110, 4).textContent()).toBe('Ada 109');
    await press('Escape');
    await expect.poll(focused).toBe('Ada 109');
    await press('Control+f');
    await pages.page.keyboard.type('nobody at all');
    await expect.poll(() => status.textContent()).toBe('No match');
  });

  it('sorts by a column, the other way, and not at all', async () => {
    await on.open();
    const head = pages.page.getByRole('columnheader', { name: /^id/ });
    await head.click();
    await expect.poll(async () => (await on.seen())[0]?.cells[2]).toBe('9223372036854775807');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await on.asked('rows')).at(-1)).toMatchObject({ sort: { column: 'value.1', descending: true } });
    await head.press('Enter');
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
    await expect
      .poll(async () => (await on.asked('rows')).at(-1)?.['sort'])
      .toEqual({ column: 'value.1', descending: false });
    await head.press('Enter');
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('none');
  });

  it('shows timers over time, and those of a bar', async () => {
    await on.open('shop', { operator: USERS, state: 'user-timers', backend: 'canonical' });
    const bars = pages.page.getByRole('option');
    await expect.poll(() => bars.count()).toBe(60);
    expect(await bars.nth(3).getAttribute('aria-label')).toMatch(/^\d+ from .* to /);
    await bars.first().focus();
    await press('ArrowRight');
    await press('Enter');
    await expect
      .poll(async () => (await on.asked('rows')).at(-1)?.['filter'])
      .toMatch(/^timestamp >= \d+ && timestamp < \d+$/);
    expect(await on.filterInput.inputValue()).toMatch(/^timestamp >= /);
  });

  it('lists windows, and shows the entries of one', async () => {
    await on.open('shop', {
      operator: 'e883208d19e3c34f8aaf2a3168a63337',
      state: 'window-contents',
      backend: 'canonical',
    });
    await on.button('Windows').click();
    await expect.poll(() => pages.page.getByRole('option').count()).toBe(25);
    await pages.page.keyboard.type('08:40:00.000Z – ');
    await expect.poll(() => pages.page.getByRole('option').count()).toBe(2);
    await press('ArrowDown');
    await press('Enter');
    await expect.poll(async () => (await on.asked('rows')).at(-1)?.['namespace']).toMatch(/^\[\d+, \d+\]$/);
    expect(await pages.page.getByRole('textbox', { name: 'Namespace' }).inputValue()).toMatch(/^\[\d+, \d+\]$/);
  });

  it('asks for the rows of an operator state without a key', async () => {
    await on.open('shop', {
      operator: 'cbc357ccb763df2852fee8c4fc7d55f2',
      state: 'SourceReaderState',
      backend: 'operator',
    });
    expect((await on.seen()).length).toBe(16);
    expect(await on.keyInput.count()).toBe(0);
    expect(await pages.page.getByRole('tab', { name: 'All States' }).count()).toBe(0);
    expect(await pages.page.locator('.kind-hint').textContent()).toContain('split among the subtasks');
  });

  it('says that a state has no entries', async () => {
    await on.open('shop', { operator: '0a448493b4782967b150582570326227', state: 'rules', backend: 'operator' });
    await expect.poll(() => on.note.textContent()).toBe('This state has no entries.');
  });

  it('exports what the questions leave', async () => {
    await on.open();
    await on.filterInput.fill('value.amount < 0.0');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => on.status.textContent()).toBe('Row 1 of 23');
    await on.button('Export…').click();
    await expect
      .poll(async () => (await on.asked('exportRows')).at(-1))
      .toMatchObject({ filter: 'value.amount < 0.0' });
  });

  it('is there again after a reload, with its questions', async () => {
    await on.open();
    await on.filterInput.fill('true');
    await press('Escape');
    await on.filterInput.press('Enter');
    await expect.poll(() => on.status.textContent()).toBe('Row 1 of 23');
    await pages.page.reload();
    await expect.poll(() => on.status.textContent()).toBe('Row 1 of 23');
    expect(await on.filterInput.inputValue()).toBe('true');
    await on.host((fake) => fake.say('focus', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'history' }));
    await pages.page.locator('[role="row"][aria-selected="true"]', { hasText: 'history' }).waitFor();
  });
});
