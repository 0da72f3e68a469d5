import { expect, it } from 'vitest';
import { describePages } from '../browser';
import { StatePages, users } from './statePages';

describePages('an entry in full in a browser', (pages) => {
  const on = new StatePages(pages);
  const { press } = on;
  const tree = () => on.side.getByRole('tree').first();
  const item = (name: string) => tree().getByRole('treeitem').filter({ hasText: name }).last();
  /** The texts that are painted under a name, in the order of the page. */
  const painted = (name: string) =>
    pages.page.evaluate((highlight) => {
      const ranges = [...(CSS.highlights.get(highlight) ?? [])];
      return ranges.map(({ startContainer, startOffset, endOffset }) =>
        (startContainer.textContent ?? '').slice(startOffset, endOffset),
      );
    }, name);

  it('is shown as a tree, as JSON and as bytes', async () => {
    await on.open();
    await on.cell(4, 1).click();
    await on.side.getByText('Entry 4', { exact: true }).waitFor();
    const text = await on.side.locator('.entry-view').textContent();
    for (const part of [
      'pojo com.acme.shop.User',
      'amount: -Infinity double',
      'nothing: null',
      '2: "beta" string',
      'It is longer',
    ])
      expect(text).toContain(part);
    await pages.page.getByRole('tab', { name: 'JSON' }).click();
    expect(await on.side.locator('pre').textContent()).toContain('"amount": -Infinity');
    await pages.page.getByRole('tab', { name: 'Bytes' }).click();
    const bytes = await on.side.locator('.entry-view').textContent();
    expect(bytes).toContain('0000  41 48 4f 56 5d 64 6b 72  AHOV]dkr');
    expect(bytes).toContain('The first 4,096 of 70,000 bytes.');
    expect(bytes).toContain('75 73 65 72 2d');
    expect(bytes).toContain('part-1, compressed from offset 4,096 on, there at 17');
    const facts = await on.side.locator('.fact-list').textContent();
    expect(facts).toContain('fdc4525c-9d1f-4e55-b6d3-6d8e7f7a2c10');
    expect(facts).toContain('PojoSerializer');
    await on.cell(6, 1).click();
    await on.side.getByText('Entry 6', { exact: true }).waitFor();
    await pages.page.getByRole('tab', { name: 'Value' }).click();
    expect(await on.side.locator('.entry-view').textContent()).toContain(
      'a subclass that the snapshot does not describe',
    );
  });

  it('is gone through with arrows', async () => {
    await on.open();
    await on.cell(1, 1).click();
    await tree().waitFor();
    const now = () =>
      pages.page.evaluate(() => document.activeElement?.querySelector('.node-line')?.textContent ?? null);
    await tree().getByRole('treeitem').first().focus();
    await press('ArrowDown');
    expect(await now()).toBe('amount: -65528.81 double');
    await press('End');
    expect(await now()).toBe('2: "beta" string');
    await press('ArrowLeft');
    expect(await now()).toBe('tags: [3] list<string>?');
    await press('ArrowLeft');
    expect(await item('tags').getAttribute('aria-expanded')).toBe('false');
    await press('End');
    expect(await now()).toBe('tags: [3] list<string>?');
    await press('ArrowRight');
    await press('ArrowRight');
    expect(await now()).toBe('0: "vip" string');
    expect(await pages.page.evaluate(() => document.activeElement?.getAttribute('aria-level'))).toBe('3');
    expect(await tree().locator('[tabindex="0"]').count()).toBe(1);
  });

  it('marks the bytes of the field, and the field of the byte', async () => {
    await on.open();
    await on.cell(1, 1).click();
    await item('amount').hover();
    expect(await painted('field-bytes')).toEqual(['4f 56 5d 64 6b 72', 'OV]dkr', '79 80', 'y·']);
    await item('id').focus();
    expect((await painted('field-bytes')).join(' ')).toBe('8e 95 9c a3 aa ····· b1 b8 bf ···');
    await pages.page.mouse.move(5, 5);
    const hex = on.side.locator('pre.hex').first();
    await hex.focus();
    await press('ArrowDown');
    expect(await on.side.locator('.node.marked .node-line').first().textContent()).toBe('amount: -65528.81 double');
    expect(await on.side.locator('.hex-caption').first().textContent()).toBe('byte 8: 0x79 · amount: double');
    expect(await painted('byte-cursor')).toEqual(['79', 'y']);
    await press('ArrowRight');
    await press('ArrowRight');
    await press('ArrowRight');
    expect(await on.side.locator('.node.marked .node-line').first().textContent()).toContain('id: ');
    const box = await hex.boundingBox();
    if (box === null) throw new Error('The bytes have no place.');
    const { x, y } = box;
    await hex.blur();
    // The third byte of the first line.
    await pages.page.mouse.move(x + 13.2 * (await characterWidth()), y + 8);
    expect(await on.side.locator('.node.marked .node-line').first().textContent()).toBe('amount: -65528.81 double');
    await pages.page.mouse.move(5, 5);
    expect(await painted('field-bytes')).toEqual([]);
  });

  const characterWidth = (): Promise<number> =>
    pages.page.evaluate(() => {
      const text = document.querySelector('pre.hex')?.firstChild;
      if (text === null || text === undefined) throw new Error('There are no bytes.');
      const range = document.createRange();
      range.setStart(text, 0);
      range.setEnd(text, 10);
      return range.getBoundingClientRect().width / 10;
    });

  it('opens in editors of its own', async () => {
    await on.open();
    await on.cell(4, 1).click();
    await on.side.getByText('Entry 4', { exact: true }).waitFor();
    await on.button('Open All of It in an Editor').click();
    await expect.poll(async () => (await on.asked('openValue')).at(-1)).toMatchObject({ target: users, as: 'text' });
    await pages.page.getByRole('tab', { name: 'Bytes' }).click();
    await on.button('Open in the Hex Editor at This Offset').click();
    await expect
      .poll(async () => (await on.asked('openBytes')).at(-1))
      .toEqual({ file: '/snapshots/part-1', offset: 4096 });
    await expect.poll(() => pages.page.locator('[role="status"].spoken').textContent()).toContain('no hex editor');
  });

  it('shows what else its key has, and only when that is wanted', async () => {
    await on.open();
    await on.cell(2, 1).click();
    await on.side.getByText('Entry 2', { exact: true }).waitFor();
    expect(await on.asked('lookUpKey')).toEqual([]);
    await pages.page.getByRole('tab', { name: 'All States' }).click();
    await expect.poll(() => on.side.textContent()).toContain('"user-000007919"');
    await on.cell(3, 1).click();
    await expect.poll(() => on.side.textContent()).toContain('"user-000015838"');
    expect((await on.asked('lookUpKey')).at(-1)).toMatchObject({
      key: { target: users, place: { block: 0, index: 2 } },
    });
  });

  it('goes into a plan', async () => {
    await on.open();
    await on.cell(3, 1).click();
    await on.side.getByText('Entry 3', { exact: true }).waitFor();
    await on.button('Modify This Entry…').click();
    await expect
      .poll(async () => (await on.asked('modifyRow')).at(-1))
      .toMatchObject({ target: users, place: { block: 0, index: 2 } });
    await on.cell(2, 1).click();
    await on.host((fake) => fake.say('modifyEntry', null));
    await expect
      .poll(async () => (await on.asked('modifyRow')).at(-1))
      .toMatchObject({ place: { block: 0, index: 1 } });
  });

  it('has as much room as a person gives it', async () => {
    await on.open();
    const splitter = pages.page.getByRole('separator');
    const width = async () => Math.round((await on.side.boundingBox())?.width ?? 0);
    const before = await width();
    await splitter.focus();
    await press('ArrowLeft');
    expect(await width()).toBe(before + 24);
    const box = await splitter.boundingBox();
    if (box === null) throw new Error('The line has no place.');
    await pages.page.mouse.move(box.x + 3, box.y + 100);
    await pages.page.mouse.down();
    await pages.page.mouse.move(box.x + 43, box.y + 100, { steps: 3 });
    await pages.page.mouse.up();
    expect(await width()).toBe(before - 16);
  });
});
