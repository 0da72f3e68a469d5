import { expect, it } from 'vitest';
import { describePages } from '../browser';
import { StatePages } from './statePages';

describePages('rows without end in a browser', (pages) => {
  const on = new StatePages(pages);
  const { press, focused } = on;
  const numberOf = (text: string): number => Number(text.replaceAll(/\D/gu, ''));

  it('shows numbers, texts, null, nothing and undecoded bytes each as what it is', async () => {
    await on.open();
    expect(await on.grid.locator('.grid-head .head-text').allTextContents()).toEqual([
      ...['key', 'amount', 'id', 'name', 'tags', 'address', 'last access', 'key group', 'subtask'],
    ]);
    const text = (row: number, column: number) => on.cell(row, column).textContent();
    expect(await text(2, 2)).toBe('NaN');
    expect(await text(3, 2)).toBe('-0.0');
    expect(await text(4, 2)).toBe('-Infinity');
    expect(await text(1, 3)).toBe('9223372036854775807');
    expect(await text(3, 4)).toBe('""empty text');
    expect(await text(7, 2)).toBe('null');
    expect(await text(7, 3)).toBe('—not there');
    expect(await text(6, 2)).toContain('[12] 00 01 ff');
    expect(await on.cell(6, 2).getAttribute('title')).toContain('a subclass that the snapshot does not describe');
    expect(await on.cell(1, 7).getAttribute('title')).toContain('2023-11-14T22:13:20Z');
    expect(await text(5, 4)).toBe('<img src=x onerror=alert(1)>');
    expect(await pages.page.locator('img').count()).toBe(0);
  });

  it('has few elements, whatever number of rows, and none that is too high', async () => {
    await on.open('giant');
    await on.filled();
    const rows = () => on.grid.locator('.grid-body .grid-row').count();
    expect(await rows()).toBeLessThan(60);
    for (const share of [0.1, 0.5, 0.9, 1, 0]) {
      await on.thumb(share);
      await on.filled();
    }
    expect(await rows()).toBeLessThan(60);
    const highest = await pages.page.evaluate(() =>
      Math.max(...[...document.querySelectorAll('*')].map((element) => element.scrollHeight)),
    );
    expect(highest).toBeLessThanOrEqual(8_000_100);
    expect(await on.grid.getAttribute('aria-rowcount')).toBe(String(2 ** 31 + 1));
  });

  it('covers 2^31 rows with the thumb, and moves row by row with the wheel', async () => {
    await on.open('giant');
    await on.thumb(1);
    const last = (await on.filled()).at(-1);
    expect(last?.number).toBe('2,147,483,648');
    await on.thumb(0.5);
    const before = (await on.filled())[0];
    await pages.page.mouse.move(400, 500);
    await pages.page.mouse.wheel(0, 240);
    await on.frame();
    const after = (await on.filled())[0];
    expect(numberOf(after?.number ?? '') - numberOf(before?.number ?? '')).toBe(10);
    expect(after?.y).toBe(before?.y);
    // The thumb stays where it was: ten rows of 2^31 are no px.
    await pages.page.waitForTimeout(400);
    expect((await on.seen())[0]).toEqual(after);
    for (let i = 0; i < 4; i++) await pages.page.mouse.wheel(0, -60);
    await on.frame();
    expect((await on.filled())[0]).toEqual(before);
  });

  it('reaches the ends with the wheel, where a px of the scroll bar is thousands of rows', async () => {
    await on.open('giant');
    await pages.page.mouse.move(400, 500);
    await pages.page.mouse.wheel(0, 2400);
    await on.frame();
    expect((await on.filled())[0]?.number).toBe('101');
    await pages.page.mouse.wheel(0, -2400);
    await on.frame();
    expect((await on.filled())[0]?.number).toBe('1');
    await pages.page.mouse.wheel(0, -500);
    await on.frame();
    expect((await on.seen())[0]?.number).toBe('1');
  });

  it('keeps the rows under the eye when estimates become exact', async () => {
    await on.open('huge');
    await on.thumb(0.5);
    const before = (await on.filled())[10];
    expect(before?.number).toMatch(/^~5,\d/);
    expect(await on.grid.getAttribute('aria-rowcount')).toBe('-1');
    expect(await on.status.textContent()).toContain('about');
    expect(await on.work.textContent()).toContain('counting…');
    await expect.poll(() => on.status.textContent(), { timeout: 20_000 }).toBe('Row 1 of 9,996,266');
    await expect.poll(async () => (await on.seen())[10]?.number).not.toContain('~');
    const after = (await on.seen())[10];
    expect(after?.y).toBe(before?.y);
    expect(after?.cells).toEqual(before?.cells);
    // The number is another one now, the real one.
    expect(numberOf(after?.number ?? '')).toBeLessThan(numberOf(before?.number ?? '') - 100_000);
    expect(await on.grid.getAttribute('aria-rowcount')).toBe('9996267');
    const real = Number(after?.cells[0]?.replace('user-', '')) / 7919;
    expect(numberOf(after?.number ?? '')).toBe(real + 1);
  });

  it('shows every row once and in order while the wheel turns through them', async () => {
    await on.open('giant');
    await pages.page.mouse.move(400, 500);
    const seen = new Set<number>();
    for (let i = 0; i < 40; i++) {
      await pages.page.mouse.wheel(0, 480);
      await on.frame();
      const rows = await on.filled();
      const numbers = rows.map(({ number }) => numberOf(number));
      expect(numbers).toEqual(numbers.map((_, k) => (numbers[0] ?? 0) + k));
      for (const { number, cells } of rows) {
        expect(cells[0]).toBe(`user-${String((numberOf(number) - 1) * 7919).padStart(9, '0')}`);
        seen.add(numberOf(number));
      }
    }
    expect(seen.size).toBeGreaterThan(800);
  });

  it('asks for what a person has come to, not for all that the thumb passed', async () => {
    await on.open('giant');
    await on.host((fake) => {
      fake.answers.delay = 300;
    });
    const before = (await on.asked('rows')).length;
    const begun = performance.now();
    for (let i = 1; i <= 40; i++) await on.thumb(i / 40);
    await expect.poll(async () => (await on.seen()).at(-1)?.cells[0]).toBe(`user-${(2 ** 31 - 1) * 7919}`);
    // One question at a time: as many as there was time for.
    expect((await on.asked('rows')).length - before).toBeLessThan((performance.now() - begun) / 300 + 3);
  });

  it('is worked with the keyboard: one cell has the focus', async () => {
    await on.open();
    await on.cell(1, 1).click();
    await press('ArrowDown');
    await press('ArrowRight');
    expect(await focused()).toBe('NaN');
    await press('Home');
    expect(await focused()).toBe('2');
    await press('End');
    expect(await focused()).toBe('1');
    await press('Control+End');
    expect(await on.cell(230, 9).evaluate((e) => e === document.activeElement)).toBe(true);
    expect(await on.status.textContent()).toBe('Row 230 of 230');
    await press('PageUp');
    expect(await on.status.textContent()).toMatch(/^Row 20\d of 230$/);
    await press('Control+Home');
    expect(await focused()).toBe('1');
    expect(await on.grid.locator('.grid-body [tabindex="0"]').count()).toBe(1);
    await press('ArrowUp');
    expect(await focused()).toContain('#');
    await press('ArrowRight');
    expect(await focused()).toBe('keystring');
    await press('ArrowDown');
    expect(await focused()).toBe('user-000000000');
    await press('Enter');
    expect(await pages.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tab');
    await press('Escape');
    expect(await focused()).toBe('user-000000000');
  });

  it('never loses the focus when its row leaves the screen', async () => {
    await on.open('giant');
    await on.cell(3, 1).click();
    await on.thumb(0.5);
    await on.filled();
    expect(await focused()).toBe('user-000015838');
    expect(await pages.page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-rowindex'))).toBe(
      '4',
    );
    await press('ArrowDown');
    await expect.poll(async () => (await on.seen())[0]?.number).toBe('4');
    expect(await focused()).toBe('user-000023757');
  });

  it('goes to a row by its number', async () => {
    await on.open('giant');
    await press('Control+g');
    await pages.page.keyboard.type('1000000000');
    await press('Enter');
    await expect.poll(focused).toBe(`user-${999_999_999 * 7919}`);
    expect(await on.status.textContent()).toBe('Row 1,000,000,000 of 2,147,483,648');
    await press('Control+Home');
    await expect.poll(focused).toBe('1');
  });

  it('selects cells and rows with the mouse and the keyboard, and copies what is selected', async () => {
    await on.open();
    await on.cell(2, 1).click();
    await on.cell(4, 3).click({ modifiers: ['Shift'] });
    const selected = () => on.grid.locator('.grid-body [aria-selected="true"]').count();
    expect(await selected()).toBe(9);
    expect(await pages.page.locator('.entries-selection').textContent()).toContain('3 × 3 selected');
    await press('Control+c');
    await expect
      .poll(async () => (await on.asked('copyRows')).at(-1))
      .toMatchObject({
        format: 'text',
        columns: ['key', 'value.0', 'value.1'],
        ranges: [{ from: { block: 0, index: 1 }, to: { block: 0, index: 3 } }],
      });
    await press('Shift+ArrowDown');
    expect(await selected()).toBe(12);
    await press('Escape');
    expect(await selected()).toBe(1);
    await on.cell(7, 0).click();
    await on.cell(9, 0).click({ modifiers: ['Control'] });
    expect(await on.grid.locator('.grid-body [role="rowheader"][aria-selected="true"]').count()).toBe(2);
    await pages.page.locator('.entries-selection').getByRole('button', { name: 'JSON' }).click();
    await expect
      .poll(async () => (await on.asked('copyRows')).at(-1))
      .toMatchObject({
        format: 'json',
        columns: null,
        ranges: [{ from: { block: 0, index: 6 } }, { from: { block: 0, index: 8 } }],
      });
    // A menu over what is selected leaves it as it is; elsewhere it is about the cell below it.
    await on.cell(8, 2).click();
    await on.cell(9, 3).click({ modifiers: ['Shift'] });
    await on.cell(8, 3).click({ button: 'right' });
    expect(await selected()).toBe(4);
    await on.cell(2, 3).click({ button: 'right' });
    expect(await selected()).toBe(1);
    await on.cell(1, 1).click();
    await press('Control+a');
    await on.host((fake) => fake.say('copyEntry', 'csv'));
    await expect
      .poll(async () => (await on.asked('copyRows')).at(-1))
      .toMatchObject({
        format: 'csv',
        ranges: [{ from: { block: 0, index: 0 }, to: { block: 3, index: 49 } }],
      });
    await on.host((fake) => fake.say('copyEntry', 'row'));
    await expect.poll(async () => (await on.asked('copyRows')).at(-1)).toMatchObject({ columns: null, format: 'json' });
  });

  it('selects what the mouse is dragged over', async () => {
    await on.open();
    const from = await on.cell(2, 1).boundingBox();
    const to = await on.cell(6, 2).boundingBox();
    if (from === null || to === null) throw new Error('Cells have no place.');
    await pages.page.mouse.move(from.x + 5, from.y + 5);
    await pages.page.mouse.down();
    await pages.page.mouse.move(to.x + 5, to.y + 5, { steps: 5 });
    await pages.page.mouse.up();
    expect(await pages.page.locator('.entries-selection').textContent()).toContain('5 × 2 selected');
  });

  it('is there again after a reload, at the entry that had the focus', async () => {
    await on.open('giant');
    await press('Control+g');
    await pages.page.keyboard.type('1000000000');
    await press('Enter');
    await expect.poll(focused).toBe(`user-${999_999_999 * 7919}`);
    await pages.page.reload();
    await on.filled();
    await expect.poll(() => on.status.textContent()).toBe('Row 1,000,000,000 of 2,147,483,648');
    await on.host((fake) => fake.say('changed', null));
    await expect.poll(() => on.status.textContent()).toBe('Row 1,000,000,000 of 2,147,483,648');
  });

  it('says that the reading thread died, and works when tried again', async () => {
    await pages.open('deadEngine');
    await pages.page.locator('[role="treegrid"] [role="row"]').first().waitFor();
    await on.host((fake) =>
      fake.say('showEntries', { operator: 'bc764cd8ddf7a0cff126f51c16239658', state: 'profile', backend: 'canonical' }),
    );
    await pages.page.getByRole('alert').getByText('The reading thread ended unexpectedly').waitFor();
    await on.button('Try Again').click();
    await on.filled();
    expect(await on.note.textContent()).toBe('');
  });

  it('says what of the state could not be read', async () => {
    await on.open('damaged');
    const alert = await pages.page.locator('.entries-unread').textContent();
    expect(alert).toContain('subtask 2: There is no file fdc4525c.');
    expect(alert).toContain('3 more');
  });
});
