import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { describePages, poorContrast } from '../browser';
import { StatePages, USERS } from './statePages';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string; failureSummary?: string }[] }[];
}

describePages('the page of a state for everybody', (pages) => {
  const on = new StatePages(pages);
  const { press } = on;

  /** What axe-core finds wrong, by rule and element. */
  async function violations(): Promise<string[]> {
    await pages.page.evaluate(axe);
    const found = (await pages.page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)}\n${failureSummary ?? ''}`),
    );
  }

  it('has nothing that axe-core complains of, whatever is open', async () => {
    await on.open();
    await on.cell(3, 2).click();
    await on.side.getByRole('tree').first().waitFor();
    expect(await violations()).toEqual([]);
    for (const tab of ['JSON', 'Bytes', 'All States']) {
      await pages.page.getByRole('tab', { name: tab }).click();
      await pages.page.waitForTimeout(100);
      expect(await violations(), tab).toEqual([]);
    }
    await on.button('Columns').click();
    expect(await violations(), 'columns').toEqual([]);
    await press('Escape');
    await press('Control+f');
    await pages.page.keyboard.type('ada');
    await on.filterInput.click();
    await pages.page.keyboard.type('value.');
    await pages.page.getByRole('option').first().waitFor();
    await pages.page.locator('.where .complaint', { hasText: 'unexpected end' }).waitFor();
    expect(await violations(), 'filter').toEqual([]);
  });

  it.each([
    ['timers', { operator: USERS, state: 'user-timers', backend: 'canonical' }],
    ['windows', { operator: 'e883208d19e3c34f8aaf2a3168a63337', state: 'window-contents', backend: 'canonical' }],
    [
      'operator state',
      { operator: 'cbc357ccb763df2852fee8c4fc7d55f2', state: 'SourceReaderState', backend: 'operator' },
    ],
    ['nothing', { operator: '0a448493b4782967b150582570326227', state: 'rules', backend: 'operator' }],
  ])('has nothing that axe-core complains of in a state of %s', async (_, target) => {
    await on.open('damaged', target);
    if (target.state === 'window-contents') {
      await on.button('Windows').click();
      await pages.page.getByRole('option').nth(3).waitFor();
    }
    expect(await violations()).toEqual([]);
  });

  it('says of each cell where it is among all of them', async () => {
    await on.open('giant');
    expect(await on.grid.getAttribute('aria-rowcount')).toBe(String(2 ** 31 + 1));
    expect(await on.grid.getAttribute('aria-colcount')).toBe('10');
    expect(await on.grid.getAttribute('aria-multiselectable')).toBe('true');
    await press('Control+g');
    await pages.page.keyboard.type('2000000000');
    await press('Enter');
    await expect.poll(() => on.focused()).toBe(`user-${1_999_999_999 * 7919}`);
    const place = await pages.page.evaluate(() => {
      const cell = document.activeElement;
      return [
        cell?.getAttribute('role'),
        cell?.getAttribute('aria-colindex'),
        cell?.parentElement?.getAttribute('aria-rowindex'),
      ];
    });
    expect(place).toEqual(['gridcell', '2', '2000000001']);
    const heads = await on.grid
      .getByRole('columnheader')
      .evaluateAll((all) => all.map((e) => e.getAttribute('aria-colindex')));
    expect(heads).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it('is reached by Tab alone: questions, rows, the line between, details, and out again', async () => {
    await on.open();
    await on.side.getByRole('tree').first().waitFor();
    await pages.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const order: string[] = [];
    for (let i = 0; i < 40; i++) {
      await press('Tab');
      const what = await pages.page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        const host = document.activeElement;
        return host?.closest('.grid') !== null && host?.getAttribute('role') === 'gridcell'
          ? 'cell'
          : (host?.getAttribute('role') ?? host?.getAttribute('aria-label') ?? host?.textContent?.trim() ?? '');
      });
      if (order.includes(what) && what !== 'tab' && what !== 'treeitem' && what !== 'group') break;
      order.push(what);
    }
    for (const what of [
      'Columns',
      'Export…',
      'Key: JSON, or plain text',
      'Look Up',
      'combobox',
      'cell',
      'separator',
      'tab',
      'treeitem',
    ])
      expect(order).toContain(what);
    expect(order.filter((what) => what === 'cell')).toEqual(['cell']);
  });

  it('moves nothing for who wants no motion', async () => {
    await on.open('slowEntries', undefined, { reducedMotion: 'reduce' });
    await on.filterInput.fill('true');
    await press('Escape');
    await press('Enter');
    await pages.page.getByRole('progressbar').waitFor();
    const moving = await pages.page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
  });

  it.each(['dark-modern', 'light-modern', 'hc-black', 'hc-light'])(
    'is legible in %s: text against what is behind it',
    async (theme) => {
      await on.open('damaged', undefined, { theme });
      await on.cell(6, 2).click();
      await on.side.getByText('Entry 6', { exact: true }).waitFor();
      expect(await pages.page.evaluate(poorContrast)).toEqual([]);
      await on.cell(2, 2).click();
      await on.cell(4, 4).click({ modifiers: ['Shift'] });
      await pages.page.getByRole('tab', { name: 'All States' }).click();
      await on.button('Columns').click();
      expect(await pages.page.evaluate(poorContrast)).toEqual([]);
    },
  );

  it.each([1280, 900, 480])(
    'keeps the name of a state off the way to it, however long both are, in %d pixels',
    async (width) => {
      await on.open('shop', undefined, { width });
      const places = await pages.page.locator('.crumbs').evaluate((crumbs) => {
        for (const one of crumbs.querySelectorAll('.crumb, h1'))
          one.textContent = 'a name that somebody chose '.repeat(8);
        return [...crumbs.querySelectorAll('.crumb, .separator, h1, .tag')].map((one) => one.getBoundingClientRect());
      });
      for (const [i, place] of places.entries()) {
        expect(place.width).toBeGreaterThan(5);
        expect(place.left).toBeGreaterThanOrEqual((places[i - 1]?.right ?? 0) - 1);
        expect(place.right).toBeLessThanOrEqual(width);
      }
    },
  );

  it('keeps rows, notes and details apart where everything is twice as large', async () => {
    await on.open('damaged', undefined, { width: 640 });
    await pages.page.setViewportSize({ width: 640, height: 400 });
    await on.frame();
    const side = await pages.page.locator('.state-page .side').boundingBox();
    const grid = await on.grid.boundingBox();
    expect(grid?.height).toBeGreaterThan(80);
    expect((grid?.y ?? 0) + (grid?.height ?? 0)).toBeLessThanOrEqual((side?.y ?? 0) + 1);
    // Whatever has the focus is in sight, and so is the end of the page.
    await on.cell(2, 1).click();
    await pages.page.getByRole('tab', { name: 'JSON' }).click();
    expect(await on.status.textContent()).toContain('Row 2');
    await on.status.scrollIntoViewIfNeeded();
    expect((await on.status.boundingBox())?.y).toBeLessThan(400);
  });

  it.each([1280, 930, 700, 480, 320])('fits into %d pixels', async (width) => {
    await on.open('shop', undefined, { width });
    await pages.page.locator('.entry-details').waitFor();
    const wider = await pages.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('.state-page, .header, .query, .side, .split, .footer')]
        .filter((e) => e.scrollWidth > e.clientWidth + 1)
        .map((e) => e.className),
    );
    expect(wider).toEqual([]);
    expect((await on.seen()).length).toBeGreaterThan(2);
  });
});
