import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { describePages, type FakeHost, type OpenOptions, poorContrast } from './browser';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

describePages('the page that compares two snapshots', (pages) => {
  const page = () => pages.page;
  const host = <T>(read: (fake: FakeHost) => T): Promise<T> => pages.host(read);
  const open = async (scenario: string, more?: OpenOptions): Promise<void> => {
    await pages.open(scenario, { ...more, page: 'compare' });
    await page()
      .locator(scenario === 'missing' ? 'main.failure' : '.compare-verdict')
      .waitFor();
  };
  const rows = () => page().locator('.compare-row:not(.head)');
  const list = () => page().getByRole('grid');
  const shown = () => list().locator('.diff-layer .diff-row');
  const detail = () => page().getByRole('complementary', { name: 'The chosen difference' });
  const chip = (name: RegExp) => page().getByRole('group', { name: 'Kind' }).getByRole('button', { name });
  const asked = (method: string) =>
    host((fake) => fake.asked).then((all) => all.filter((a) => a.method === method).map((a) => a.params));

  it('says the answer, both sides, and what changed operator by operator', async () => {
    await open('changed');
    expect(await page().locator('.compare-verdict').textContent()).toBe('3 of 4 operators differ.');
    const after = page().getByRole('region', { name: 'After' });
    expect(await after.locator('.facts').textContent()).toBe(
      'Canonical savepointmetadata version 6checkpoint 9,007,199,254,740,9931.03\u00a0GB',
    );
    expect(await rows().allTextContents()).toEqual([
      'Accountsaccountsnot wholeparallelism 4 → 83131,200,003',
      'balancevaluenot wholetype: amount: double → decimal(10, 2)type: field since added, long113',
      'countersmapnot whole0121,200,000',
      '_timer_state/event_user-timerstimersnot whole200',
      '−scratchvaluenot wholestate removed',
      '+limitsvaluenot wholestate added',
      '+Enrichenrichadded: only in the secondnot wholeadded: only in the second',
      '+cachevaluenot whole'.replace('+', ''),
      '−old-sinkremoved: only in the firstnot wholeremoved: only in the first',
    ]);
    expect(await rows().locator('.compare-unread:visible').count()).toBe(0);
    await page().getByLabel('Only what differs').uncheck();
    expect(await rows().count()).toBe(12);
  });

  it('lists the entries of the first state that differs, and shows one with its fields', async () => {
    await open('changed');
    await expect.poll(() => shown().count()).toBe(5);
    expect(await list().getAttribute('aria-rowcount')).toBe('6');
    expect(await list().getAttribute('aria-label')).toBe('Differences in balance of Accounts');
    await chip(/Added/).click();
    await chip(/Removed/).click();
    await expect.poll(() => shown().count()).toBe(3);
    await expect.poll(() => detail().getByRole('heading').textContent()).toBe('changed');
    expect(await shown().first().locator('mark').allTextContents()).toEqual(['1.5', '2.75']);
    const lines = detail().getByRole('row');
    expect(await lines.allTextContents()).toEqual([
      'FieldBeforeAfter',
      'amount1.52.75',
      'since17000000000001700000000000',
      'owner"ann""ann"',
    ]);
    expect(await lines.nth(1).locator('mark').count()).toBe(2);
    expect(await lines.nth(2).locator('mark').count()).toBe(0);
    expect(await chip(/Added/).getAttribute('aria-pressed')).toBe('false');
    await chip(/Changed/).click();
    await page().getByText('Turn on added, removed or changed to see entries.').waitFor();
  });

  it('goes through a million rows and holds few of them', async () => {
    await open('changed');
    await rows().filter({ hasText: 'counters' }).click();
    await expect.poll(() => list().getAttribute('aria-rowcount')).toBe('1200013');
    await list().focus();
    await page().keyboard.press('End');
    await page().getByText('"user-1201011"').first().waitFor();
    expect(await page().locator('.diff-position').textContent()).toBe('1,200,012 of 1,200,012');
    expect(await shown().count()).toBeLessThan(60);
    const active = await list().getAttribute('aria-activedescendant');
    expect(await page().locator(`#${active}`).getAttribute('aria-rowindex')).toBe('1200013');
    await page().keyboard.press('PageUp');
    await list().evaluate((element) => {
      element.scrollTop = element.scrollHeight / 2;
    });
    await expect.poll(async () => Number(await shown().first().getAttribute('data-row'))).toBeGreaterThan(590_000);
    expect(await page().evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
    await page().mouse.move(300, 650);
    const before = Number(await shown().first().getAttribute('data-row'));
    await page().mouse.wheel(0, 240);
    await expect.poll(async () => Number(await shown().first().getAttribute('data-row'))).toBe(before + 10);
  });

  it('is worked with the keyboard alone: states, entries, next and previous over the states', async () => {
    await open('changed');
    await expect.poll(() => shown().count()).toBe(5);
    await page().locator('.compare-row[tabindex="0"]').focus();
    await page().keyboard.press('ArrowDown');
    await expect.poll(() => list().getAttribute('aria-label')).toBe('Differences in counters of Accounts');
    await page().keyboard.press('ArrowUp');
    await expect.poll(() => list().getAttribute('aria-label')).toBe('Differences in balance of Accounts');
    for (let i = 0; i < 4; i++) await page().keyboard.press('F7');
    await expect.poll(() => page().locator('.diff-position').textContent()).toBe('5 of 5');
    await page().keyboard.press('F7');
    await expect.poll(() => page().locator('.diff-position').textContent()).toBe('1 of 1,200,012');
    await page().keyboard.press('Shift+F7');
    await expect.poll(() => page().locator('.diff-position').textContent()).toBe('5 of 5');
    await detail().getByText('"user-1004"').waitFor();
    await page().keyboard.press('Control+c');
    await expect.poll(() => asked('copy')).toEqual([{ text: '{"key":"user-1004"}' }]);
    await page().keyboard.press('Enter');
    expect(await page().evaluate(() => document.activeElement?.tagName)).toBe('H3');
    await page().keyboard.press('Escape');
    expect(await page().evaluate(() => document.activeElement?.getAttribute('role'))).toBe('grid');
  });

  it('goes to the next one in a state whose rows are still on their way', async () => {
    await open('changed');
    await expect.poll(() => shown().count()).toBe(5);
    await rows().filter({ hasText: 'counters' }).click();
    await expect.poll(() => list().getAttribute('aria-rowcount')).toBe('1200013');
    // All of it before an answer can come.
    await page().evaluate(() => {
      const balance = [...document.querySelectorAll<HTMLElement>('.compare-row')].find((row) =>
        row.textContent?.includes('balance'),
      );
      balance?.click();
      for (let i = 0; i < 3; i++) window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F7' }));
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'F7', shiftKey: true }));
    });
    await expect.poll(() => page().locator('.diff-position').textContent()).toBe('3 of 5');
    await detail().getByText('"user-1002"').waitFor();
    expect(await list().getAttribute('aria-label')).toBe('Differences in balance of Accounts');
  });

  it('copies, opens either side, and puts an old value back', async () => {
    await open('changed');
    await expect.poll(() => shown().count()).toBe(5);
    await shown().nth(3).click();
    await detail().getByText('"user-1003"').waitFor();
    for (const name of ['Copy as JSON', 'Show in the First', 'Show in the Second', 'Put the Old Value Back…']) {
      await detail().getByRole('button', { name }).click();
    }
    const target = { operator: '14cfd403e0929194539014eaed9ae6ed', state: 'balance' };
    const entry = { key: '"user-1003"', namespace: null, mapKey: null };
    await expect.poll(async () => (await asked('putBack')).length).toBe(1);
    expect(await asked('copy')).toEqual([{ text: '{"key":"user-1003"}' }]);
    expect(await asked('openSide')).toEqual([
      { side: 'before', wanted: { ...target, ...entry, backend: 'canonical' } },
      { side: 'after', wanted: { ...target, ...entry, backend: 'rocksdb' } },
    ]);
    expect(await asked('putBack')).toMatchObject([{ target: { ...target, of: 'keyed' }, row: 3 }]);
    await shown().nth(0).click();
    await expect.poll(() => detail().getByRole('heading').textContent()).toBe('added');
    expect(await detail().locator('vscode-button').allTextContents()).toEqual(['Copy as JSON', 'Show in the Second']);
  });

  it('grows while it compares, stops, and goes on', async () => {
    await open('slow');
    const bar = page().getByRole('progressbar');
    await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
    await expect.poll(() => shown().count()).toBeGreaterThan(0);
    await page().getByRole('button', { name: 'Stop', exact: true }).click();
    await page()
      .getByText(/^Stopped: \d+% of the bytes are compared/)
      .waitFor();
    expect(await host((fake) => fake.cancelled)).toBe(1);
    expect(await page().evaluate(() => document.activeElement?.textContent)).toBe('Continue');
    await page().keyboard.press('Enter');
    await page().getByText('42,587,018 entries compared · 24.7 s').waitFor();
    expect(await asked('compare')).toEqual([{ anew: false }, { anew: false }]);
    await expect.poll(() => host((fake) => fake.asked.length > 0)).toBe(true);
  });

  it('exports with progress, and stops that', async () => {
    await open('changed');
    await page().getByRole('button', { name: 'Export…' }).click();
    await page()
      .getByText(/^Exporting: \d/)
      .waitFor();
    await page().locator('.diff-export').getByRole('button', { name: 'Stop' }).click();
    await page().getByRole('button', { name: 'Export…' }).waitFor();
    expect(await host((fake) => fake.cancelled)).toBe(1);
    await page().getByRole('button', { name: 'Export…' }).click();
    await expect.poll(() => page().locator('[role="status"].spoken').textContent()).toBe('5 differences written');
  });

  it('says that a list is capped, and how to get all of it', async () => {
    await open('changed');
    await rows().filter({ hasText: 'counters' }).click();
    await page().getByRole('note').filter({ hasText: 'The list is capped at 1,000,000 entries of a kind' }).waitFor();
    await rows().filter({ hasText: 'balance' }).click();
    await expect.poll(() => page().getByRole('note').count()).toBe(0);
  });

  it('changes sides, keeps what is looked at, and comes back as it was', async () => {
    await open('changed');
    await rows().filter({ hasText: 'timers' }).click();
    await expect.poll(() => shown().count()).toBe(2);
    await page().getByRole('button', { name: 'Swap Sides' }).click();
    await page().getByRole('region', { name: 'Before' }).getByText('savepoint-a80d11-77c21f').waitFor();
    await expect.poll(() => list().getAttribute('aria-label')).toContain('event_user-timers');
    expect(await asked('compare')).toEqual([{ anew: false }, { anew: true }]);
    await page().getByRole('region', { name: 'Before' }).getByRole('button').click();
    await expect.poll(async () => (await asked('openSide')).length).toBe(1);
    const kept = await page().evaluate(() => JSON.parse(sessionStorage.getItem('kept') ?? 'null'));
    expect(kept).toMatchObject({ before: '/home/ada/savepoints/b/_metadata', target: { of: 'keyed' } });
  });

  it('says that a snapshot changed on disk, and compares again', async () => {
    await open('changed');
    await host((fake) => fake.say('changed', null));
    const banner = page().locator('.compare-banner');
    await banner.getByText('A snapshot changed on disk since it was compared.').waitFor();
    await banner.getByRole('button', { name: 'Compare Again' }).click();
    await banner.waitFor({ state: 'hidden' });
    expect(await asked('compare')).toEqual([{ anew: false }, { anew: true }]);
  });

  it('says what could not be compared, and marks the state', async () => {
    await open('unread');
    expect(await page().locator('.compare-verdict').textContent()).toContain('Not everything could be compared');
    expect(await rows().filter({ hasText: 'total' }).locator('.compare-unread').isVisible()).toBe(true);
    await page().getByText('Not compared (1)').click();
    await page().getByText('after / Accounts / subtask 3 / total').waitFor();
  });

  it('says when nothing differs', async () => {
    await open('same');
    const verdict = page().locator('.compare-verdict');
    await verdict.getByText('Nothing differs: 42,587,018 entries in 2 states are the same on both sides.').waitFor();
    await page().getByText('No operator differs. Turn “Only what differs” off to see them all.').waitFor();
  });

  it('says which side cannot be opened, and tries again', async () => {
    await open('missing');
    expect(await page().locator('main').textContent()).toContain('/home/ada/savepoints/b/_metadata');
    await page().getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(async () => (await asked('compare')).length).toBe(2);
  });

  it.each([1280, 900, 480])(
    'shows whole names and what changed, in columns below their heads, in %d pixels',
    async (width) => {
      await open('changed', { width });
      const seen = await page()
        .locator('.compare-table')
        .evaluate((table) => ({
          cut: [...table.querySelectorAll('.name, .changes, .count')]
            .filter((cell) => cell.scrollWidth > cell.clientWidth + 1)
            .map((cell) => cell.textContent),
          // No word below the other.
          narrow: [...table.querySelectorAll('.change')].filter((line) => line.clientWidth < 150).length,
          right: ['.head .number:nth-child(4)', '.removed.count'].map(
            (cell) => table.querySelector(cell)?.getBoundingClientRect().right,
          ),
        }));
      expect(seen).toMatchObject({ cut: [], narrow: 0 });
      expect(seen.right[0]).toBeCloseTo(seen.right[1] ?? 0, 0);
    },
  );

  it('takes names and values of others as text', async () => {
    await open('hostile');
    await expect.poll(() => shown().count()).toBe(1);
    await detail().getByRole('heading').waitFor();
    expect(await page().locator('main img').count()).toBe(0);
    expect(await detail().textContent()).toContain('<img src=x onerror=alert(1)>');
  });

  it.each(['changed', 'slow', 'unread', 'same', 'hostile'])(
    'has nothing that axe-core complains of: %s',
    async (scenario) => {
      await open(scenario);
      if (scenario !== 'same') await detail().getByRole('heading').waitFor();
      await host((fake) => fake.say('changed', null));
      await page().evaluate(axe);
      const found = (await page().evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
      const all = found.violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 300)}`),
      );
      expect(all).toEqual([]);
    },
  );

  for (const theme of ['dark-modern', 'light-modern', 'hc-black', 'hc-light']) {
    it(`can be read in ${theme}, also in a narrow editor`, async () => {
      for (const width of [1280, 420]) {
        await open('unread', { theme, width });
        await expect.poll(() => shown().count()).toBeGreaterThan(0);
        await detail().getByRole('heading').waitFor();
        await host((fake) => fake.say('changed', null));
        expect(await page().evaluate(poorContrast)).toEqual([]);
      }
    });
  }
});
