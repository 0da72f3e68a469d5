import { expect, it } from 'vitest';
import { describePages } from '../browser';
import { StatePages } from './statePages';

describePages('columns of a state in a browser', (pages) => {
  const on = new StatePages(pages);
  const { press, focused } = on;
  const heads = () => on.grid.locator('.grid-head .head-text').allTextContents();
  const head = (name: string) => pages.page.getByRole('columnheader', { name: new RegExp(`^${name}`) });
  const width = async (name: string) => Math.round((await head(name).boundingBox())?.width ?? 0);

  it('become wider by their edge and by keys, fit what is seen, and stay so', async () => {
    await on.open();
    await on.filled();
    await on.frame();
    const edge = await head('amount').locator('.head-edge').boundingBox();
    if (edge === null) throw new Error('The edge has no place.');
    const before = await width('amount');
    await pages.page.mouse.move(edge.x + 4, edge.y + 10);
    await pages.page.mouse.down();
    await pages.page.mouse.move(edge.x + 64, edge.y + 10, { steps: 4 });
    await pages.page.mouse.up();
    expect(await width('amount')).toBe(before + 60);
    await head('amount').locator('.head-edge').dblclick();
    expect(await width('amount')).toBe(before);
    await on.cell(1, 2).click();
    await press('ArrowUp');
    await press('Shift+ArrowRight');
    await press('Shift+ArrowRight');
    expect(await width('amount')).toBe(before + 32);
    await press('Shift+ArrowLeft');
    expect(await width('amount')).toBe(before + 16);
    expect(await focused()).toContain('amount');
    await pages.page.reload();
    await on.filled();
    expect(await width('amount')).toBe(before + 16);
  });

  it('fit the rows of a filter as they fitted those before it', async () => {
    await on.open();
    await on.filled();
    const cut = () =>
      on.grid
        .locator('.grid-body .grid-row:not([hidden]) > [aria-colindex="2"]')
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
    for (const filter of ['value.amount < 0.0', 'value.amount > 0.0', 'value.amount > 1e300', 'true']) {
      await on.filterInput.fill(filter);
      await press('Escape');
      await on.filterInput.press('Enter');
      if (filter.endsWith('1e300')) await on.note.getByText('No entry matches').waitFor();
      else await expect.poll(() => on.status.textContent()).toMatch(/^Row 1 /);
      await expect.poll(() => on.grid.getAttribute('aria-busy')).toBe('false');
      await on.frame();
      await on.frame();
      expect(await cut(), filter).toBe(0);
    }
  });

  it('move by keys and hide; the menu brings them back', async () => {
    await on.open();
    const all = await heads();
    await on.cell(1, 2).click();
    await press('ArrowUp');
    await press('Control+ArrowLeft');
    expect((await heads()).slice(0, 2)).toEqual(['amount', 'key']);
    expect(await on.cell(1, 1).textContent()).toBe('-65528.81');
    await press('Delete');
    await expect.poll(heads).not.toContain('amount');
    expect(await on.cell(1, 1).getAttribute('aria-colindex')).toBe('3');
    await on.button('Columns').click();
    const box = pages.page.getByRole('checkbox', { name: /^amount/ });
    expect(await box.isChecked()).toBe(false);
    await press('Space');
    await expect.poll(async () => (await heads())[0]).toBe('amount');
    await press('Control+ArrowDown');
    await expect.poll(async () => (await heads()).slice(0, 2)).toEqual(['key', 'amount']);
    await press('ArrowDown');
    await press('Space');
    await expect.poll(heads).not.toContain('id');
    await pages.page.reload();
    await on.filled();
    expect(await heads()).toEqual(all.filter((name) => name !== 'id'));
    await on.button('Columns').click();
    await on.button('Reset').click();
    await expect.poll(heads).toEqual(all);
    await press('Escape');
    expect(await focused()).toBe('Columns');
  });

  it('open into their fields and close again, by keys and by the mouse', async () => {
    await on.open();
    const before = await heads();
    await head('address').focus();
    await press('+');
    await expect.poll(heads).toContain('address.city');
    expect((await on.asked('rows')).at(-1)).toMatchObject({ expand: ['value.4'] });
    await expect.poll(() => on.cell(1, 6).textContent()).toBe('Turin');
    expect(await head('address.zip').getAttribute('aria-expanded')).toBe('true');
    await pages.page.reload();
    await on.filled();
    expect(await heads()).toContain('address.zip');
    await head('address.zip').locator('.head-twisty').click();
    await expect.poll(heads).toEqual(before);
  });

  it('leave the last one that is seen', async () => {
    await on.open();
    await on.button('Columns').click();
    const boxes = pages.page.getByRole('checkbox');
    const count = await boxes.count();
    for (let i = 0; i < count - 1; i++) await boxes.nth(i).click();
    expect(await boxes.nth(count - 1).isDisabled()).toBe(true);
    expect((await heads()).length).toBe(1);
  });
});
