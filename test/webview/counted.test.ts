import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { describePages, type OpenOptions, poorContrast } from './browser';

describePages('the count of entries on the page of a snapshot', (pages) => {
  const open = async (scenario: string, more?: OpenOptions) => {
    await pages.open(scenario, more);
    await row('User profiles').waitFor();
  };
  const rows = () => pages.page.locator('[role="treegrid"] .rows [role="row"]');
  const row = (name: string) =>
    rows()
      .filter({ has: pages.page.locator('.label').getByText(name, { exact: true }) })
      .first();
  const entriesOf = (name: string) => row(name).locator('.cell.entries').textContent();
  const footer = () => pages.page.locator('.footer-count').textContent();
  const grow = (part: number) => pages.page.evaluate(`window.fakeHost.grow(${part})`);
  const heard = () =>
    pages.host((fake) => fake.heard.filter(({ event }) => event === 'count').map(({ body }) => body as string));
  const showState = async (name: string) => {
    await row('User profiles').click();
    await row(name).click();
    await pages.page.locator('.counted').waitFor();
  };
  const figure = (title: string) => pages.page.locator(`[data-figure="${title}"]`);

  it('begins when it is asked for, grows, stops, goes on and ends', async () => {
    await open('shop');
    expect(await entriesOf('User profiles')).toBe('—not counted');
    // A header may say how many there are.
    await row('Source: events').click();
    expect(await entriesOf('SourceReaderState')).toBe('16');
    const press = pages.page.locator('.footer button');
    expect(await footer()).toBe('The entries are not counted.');
    await press.focus();
    await pages.page.keyboard.press('Enter');
    await expect.poll(() => press.textContent()).toBe('Stop');
    await pages.page
      .locator('.voice, .spoken[aria-live]')
      .getByText('Counting entries.')
      .waitFor({ state: 'attached' });
    await grow(0.5);
    const half = await entriesOf('User profiles');
    expect(half).toMatch(/^[\d,]+ …at least [\d,]+$/);
    expect(await footer()).toMatch(/^Counting entries: [\d,]+ so far, 515\sMB of 1\.03\sGB read\.$/);
    expect(await pages.page.locator('[role="progressbar"]').getAttribute('aria-valuenow')).toBe('50');
    await pages.page.keyboard.press('Enter');
    await expect.poll(() => press.textContent()).toBe('Go On Counting');
    expect(await footer()).toMatch(/^The count was stopped at [\d,]+ entries\.$/);
    expect(await entriesOf('User profiles')).toBe(half);
    await pages.page.keyboard.press('Enter');
    await expect.poll(() => press.textContent()).toBe('Stop');
    await grow(1);
    expect(await entriesOf('User profiles')).toBe('18,276,518');
    expect(await footer()).toBe('23,609,345 entries counted in 8.4 s.');
    expect(await press.isHidden()).toBe(true);
    // The button that had the focus is gone: the place is not lost.
    expect(await pages.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('row');
    expect(await heard()).toEqual(['start', 'stop', 'start']);
  });

  it('says why it failed, and may be tried again', async () => {
    await open('notCounted');
    await pages.page.locator('.footer button').click();
    await pages.page.getByText('The entries could not be counted: The reading thread ended').first().waitFor();
    expect(await pages.page.locator('.footer button').textContent()).toBe('Try Again');
    expect(await entriesOf('User profiles')).toBe('—not counted');
  });

  it('keeps the focus, the selection and the order of rows while it grows', async () => {
    await open('counting');
    await pages.page.locator('[role="columnheader"] button', { hasText: 'Entries' }).click();
    await row('Totals per country').click();
    const order = await rows().locator('.label').allTextContents();
    for (const part of [0.4, 0.6, 0.9]) {
      await grow(part);
      expect(await rows().locator('.label').allTextContents()).toEqual(order);
      expect(await pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent)).toBe(
        'Totals per country',
      );
    }
    await grow(1);
    expect(await pages.page.locator('[aria-sort="descending"]').textContent()).toBe('Entries');
    expect(await pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent)).toBe(
      'Totals per country',
    );
  });

  it('is there again when the page was made anew', async () => {
    await open('counting');
    await grow(0.7);
    const before = await footer();
    await pages.page.reload();
    await row('User profiles').waitFor();
    // The stand-in begins anew; the page asks what is known, and does not begin to count.
    await expect.poll(footer).not.toBe('');
    expect(before).toContain('so far');
    expect(await heard()).toEqual([]);
  });

  it('shows where the entries of a state are, in pictures and in tables', async () => {
    await open('counted');
    await showState('history');
    await figure('By key group').waitFor();
    expect(await figure('By key group').locator('.figure-note').textContent()).toBe(
      'key group 77 holds 3.90 times its share. 127 of 128 hold something.',
    );
    expect(await figure('By key group').locator('rect.marked').count()).toBe(1);
    expect(await figure('By key group').locator('rect:not(.hover)').count()).toBe(128);
    await figure('By subtask').locator('summary').click();
    const cells = figure('By subtask').locator('tbody tr');
    expect(await cells.count()).toBe(4);
    expect(await cells.nth(2).locator('th').textContent()).toBe('2');
    await figure('Value sizes').locator('summary').click();
    expect(await figure('Value sizes').locator('tbody th').allTextContents()).toContain('4.1\u00a0kB to 8.19\u00a0kB');
    expect(await pages.page.locator('.counted .fact').first().textContent()).toBe('Entries2,836,364');
    await row('lastSeen').click();
    await figure('Last used').waitFor();
    expect(await figure('Last used').locator('.figure-ends').textContent()).toMatch(/2025/);
    expect(await figure('Last used').locator('.figure-note').textContent()).toBe('over 31 days 1 hr · UTC');
    await row('user-timers').click();
    await figure('Due').waitFor();
    expect(await pages.page.locator('.largest').count()).toBe(0);
    await row('User profiles').click();
    await figure('By key group').waitFor();
    expect(await figure('Due').count()).toBe(0);
  });

  it('says in each picture that it is of a part only, and keeps open what was opened', async () => {
    await open('counting');
    await showState('history');
    await pages.page.getByText('So far: the count goes on.').waitFor();
    await figure('By subtask').locator('summary').click();
    await figure('By subtask').locator('summary').focus();
    const before = await pages.page.locator('.counted .fact').first().textContent();
    await grow(0.8);
    await expect.poll(() => pages.page.locator('.counted .fact').first().textContent()).not.toBe(before);
    expect(await figure('By subtask').locator('tbody tr').count()).toBe(4);
    expect(
      await pages.page.evaluate(() => document.activeElement?.closest('[data-figure]')?.getAttribute('data-figure')),
    ).toBe('By subtask');
    await grow(1);
    await pages.page.getByText('So far: the count goes on.').waitFor({ state: 'hidden' });
  });

  it('opens the entries of one of the largest keys, whose text is text', async () => {
    await open('counted');
    await showState('history');
    const keys = pages.page.locator('.largest tbody button');
    expect(await keys.nth(1).textContent()).toBe('"<b>user</b>"');
    expect(await pages.page.locator('.largest b').count()).toBe(0);
    await keys.first().click();
    await pages.page.locator('.state-page').waitFor();
    const asked = () =>
      pages.host((fake) => fake.asked.filter(({ method }) => method === 'rows').map(({ params }) => params));
    await expect.poll(async () => (await asked())[0]).toMatchObject({ key: '"user-1000"', namespace: null });
  });

  it.each(['dark-modern', 'light-modern', 'hc-black', 'hc-light'])('is readable in %s', async (theme) => {
    await open('counted', { theme });
    await showState('history');
    await figure('Value sizes').locator('summary').click();
    expect(await pages.page.evaluate(poorContrast)).toEqual([]);
    await pages.page.getByRole('button', { name: 'As a Table' }).click();
    await pages.page.locator('.bytes-table tr.part').first().waitFor();
    expect(await pages.page.evaluate(poorContrast)).toEqual([]);
  });
});

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResults {
  violations: { id: string; help: string; nodes: { html: string }[] }[];
}

describePages('the page of a snapshot for everybody', (pages) => {
  async function violations(): Promise<string[]> {
    await pages.page.evaluate(axe);
    const found = (await pages.page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id} (${help}): ${html.slice(0, 200)}`),
    );
  }

  it.each(['counted', 'counting', 'damaged', 'hostile', 'empty'])(
    'has nothing that axe-core complains of: %s',
    async (name) => {
      await pages.open(name);
      await pages.page.locator('.footer-count:not(:empty)').waitFor();
      expect(await violations()).toEqual([]);
      if (name === 'empty') return;
      await pages.page.getByRole('button', { name: 'Expand all' }).click();
      const state = pages.page.locator('[role="treegrid"] [aria-level="2"]').first();
      await state.click();
      expect(await violations(), 'with a state').toEqual([]);
      for (const summary of await pages.page.locator('.counted summary').all()) await summary.click();
      await pages.page.getByRole('button', { name: 'As a Table' }).click();
      expect(await violations(), 'with tables').toEqual([]);
    },
  );
});

describePages('the picture of bytes', (pages) => {
  const areas = () => pages.page.locator('.map button');
  const focused = () => pages.page.evaluate(() => document.activeElement?.getAttribute('title')?.split('\n')[0] ?? '');
  const open = async (scenario = 'shop', more?: OpenOptions) => {
    await pages.open(scenario, more);
    await pages.page.locator('[role="treegrid"] .row').first().waitFor();
  };

  it('is to scale, and names each area with its size and share', async () => {
    await open();
    const labels = await areas().evaluateAll((all) => all.map((e) => e.getAttribute('title')));
    expect(labels[0]).toBe('User profiles: 741\u00a0MB, 76% of all bytes');
    expect(labels).toContain('User profiles, counters: 326\u00a0MB, 33% of all bytes');
    const sizes = await areas().evaluateAll((all) =>
      Object.fromEntries(all.map((e) => [e.getAttribute('title')?.split(':')[0], e.clientWidth * e.clientHeight])),
    );
    const ratio = (sizes['User profiles, counters'] ?? 0) / (sizes['User profiles, profile'] ?? 1);
    expect(ratio).toBeGreaterThan(1.35);
    expect(ratio).toBeLessThan(1.5);
  });

  it('is heard as it is seen, with what stands around it', async () => {
    await open();
    const names = await areas().evaluateAll((all) => all.map((e) => e.textContent));
    expect(names[0]).toBe('User profiles 741\u00a0MB, 76% of all bytes. ');
    expect(names).toContain('counters 326\u00a0MB, 33% of all bytes, in User profiles. ');
  });

  it('is one stop for Tab; arrows go to what lies on that side, Enter shows its row', async () => {
    await open();
    expect(await pages.page.locator('.map [tabindex="0"]').count()).toBe(1);
    await areas().first().focus();
    await pages.page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('User profiles, ');
    await pages.page.keyboard.press('ArrowUp');
    expect(await focused()).toMatch(/^User profiles: /);
    await pages.page.keyboard.press('ArrowRight');
    await pages.page.keyboard.press('End');
    await pages.page.keyboard.press('Home');
    expect(await focused()).toMatch(/^User profiles: /);
    await pages.page.keyboard.press('ArrowDown');
    const name = (await focused()).replace(/^User profiles, (.*?):.*$/s, '$1');
    await pages.page.keyboard.press('Enter');
    await expect
      .poll(() => pages.page.evaluate(() => document.activeElement?.querySelector('.label')?.textContent))
      .toBe(name);
  });

  it('is there as a table, of files too, and stays so', async () => {
    await open();
    await pages.page.getByRole('button', { name: 'As a Table' }).click();
    const table = pages.page.locator('.bytes-table table');
    expect(await table.locator('tbody tr').first().textContent()).toBe('User profiles741\u00a0MB76%');
    await pages.page.getByRole('button', { name: 'Files', exact: true }).click();
    await table.locator('tbody button').first().click();
    await expect
      .poll(() => pages.host((fake) => fake.asked.filter(({ method }) => method === 'revealFile').length))
      .toBe(1);
    await pages.page.reload();
    await table.locator('tbody tr').first().waitFor();
    expect(await pages.page.getByRole('button', { name: 'Files', exact: true }).getAttribute('aria-pressed')).toBe(
      'true',
    );
    expect(await pages.page.getByRole('button', { name: 'As a Table' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('says of a file that is missing that it is, by more than a colour', async () => {
    await open('damaged');
    await pages.page.getByRole('button', { name: 'Files', exact: true }).click();
    const bad = pages.page.locator('.map .bad');
    expect(await bad.first().textContent()).toContain('missing');
    expect(await bad.first().evaluate((e) => getComputedStyle(e).outlineStyle)).toBe('dashed');
  });

  it('is laid out anew in another width, and the focus stays', async () => {
    await open();
    await areas().nth(2).focus();
    const label = await focused();
    await pages.page.setViewportSize({ width: 700, height: 800 });
    await expect
      .poll(() =>
        areas()
          .first()
          .evaluate((e) => e.getBoundingClientRect().right < 700),
      )
      .toBe(true);
    await expect.poll(focused).toBe(label);
  });

  it('is not there where there is nothing', async () => {
    await pages.open('empty');
    await pages.page.getByText('This snapshot has no operators').waitFor();
    expect(await pages.page.locator('.where').isHidden()).toBe(true);
  });

  it('shows names that want to hurt as text', async () => {
    await open('hostile');
    expect(await areas().first().textContent()).toContain('<img src=x onerror=alert(1)>');
    expect(await pages.page.locator('.map img, .map b').count()).toBe(0);
  });
});
