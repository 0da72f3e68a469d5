import { expect, it } from 'vitest';
import { describePages, type FakeHost, type OpenOptions, poorContrast } from './browser';

describePages('the page of a dry run', (pages) => {
  const open = async (scenario: string, more?: OpenOptions): Promise<void> => {
    await pages.open(scenario, { ...more, page: 'report' });
    await pages.page.locator(scenario === 'slow' ? '.waiting' : 'h1').waitFor();
  };
  const host = <T>(read: (fake: FakeHost) => T): Promise<T> => pages.host(read);
  const page = () => pages.page;
  const table = (name: string) => page().getByRole('table', { name });

  it('says first that nothing was written, then what changes, operator by operator', async () => {
    await open('rescale');
    await page().getByRole('heading', { level: 1, name: 'Dry run of a.savepoint-plan.json' }).waitFor();
    expect(await page().locator('.header .facts').textContent()).toBe(
      'Nothing was written2 of 3 operators changemetadata version 6checkpoint 9,007,199,254,740,993',
    );
    const accounts = page().getByRole('region', { name: 'Accounts' });
    expect(await accounts.locator('.facts').textContent()).toContain('Parallelism 2 → 4');
    expect(await accounts.locator('.facts').textContent()).toContain('Max parallelism 128 → 20,000');
    expect(await table('States of Accounts').locator('tbody tr').allTextContents()).toEqual([
      'balance1751767',
      'total, now sum1,234,5671,234,567',
      'scratch, removed30',
    ]);
    expect(await table('Changed entries of balance').locator('tbody tr').allTextContents()).toEqual([
      '"user-1"nothing{"amount":1.5}',
      '"user-2"{"amount":2.5}nothing',
    ]);
    expect(await accounts.textContent()).toContain('5 more changed entries');
    expect(await page().locator('.report-names').allTextContents()).toEqual(['old', 'sink']);
  });

  it('shows subtasks and key groups before and after, a table of them on demand', async () => {
    await open('rescale');
    expect(await table('Entries by subtask').locator('tbody tr').allTextContents()).toEqual(['031', '152', '23', '32']);
    const spread = page().locator('.report-spread');
    expect(await spread.textContent()).toContain('128 key groups, 0 to 2 entries each, 1 on average');
    expect(await spread.textContent()).toContain('20,000 key groups, 0 to 1 entries each, 0 on average');
    const bars = await page()
      .locator('.count-bar rect')
      .evaluateAll((all) => all.map((r) => r.getAttribute('width')));
    expect(bars.slice(0, 2)).toEqual(['60', '20']);
    await page().getByText('Show as a table').click();
    await table('Entries by key group').waitFor();
    expect(await table('Entries by key group').locator('tbody tr').count()).toBe(512);
    expect(await spread.textContent()).toContain('19,488 more rows are left out.');
  });

  it('warns of operators that stay behind with their max parallelism, and of steps that choose nothing', async () => {
    await open('rescale');
    await page().getByRole('note').first().waitFor();
    expect(await page().getByRole('note').allTextContents()).toEqual([
      expect.stringContaining('These have another max parallelism: sink.'),
      'The step at line 7, column 5 chooses no entry of balance. Its condition has no value: No such key: amout',
    ]);
    await open('nothing');
    await page().getByText('Nothing changes').waitFor();
    expect(await page().getByRole('note').count()).toBe(0);
  });

  it('shows what rows of data become', async () => {
    await open('bootstrap');
    await page().getByText('From nothing').waitFor();
    const rows = page().locator('.report-rows');
    expect(await rows.locator('.facts').textContent()).toBe(
      '100 rows2 left out by “where”1 do not fit and are left out97 entries of limit3 entries that were there are replaced',
    );
    expect(await rows.textContent()).toContain('line 7: limit: Expected a long, found "x".');
    expect(await page().getByRole('region', { name: 'Accounts' }).textContent()).toContain(
      'coordinator: 1 byte become 20 bytes',
    );
  });

  it('is worked with the keyboard: run, the plan, once more', async () => {
    await open('rescale');
    await page().getByRole('heading', { level: 1 }).waitFor();
    expect(await page().evaluate(() => document.activeElement?.tagName)).toBe('H1');
    for (let i = 0; i < 3; i++) {
      await page().keyboard.press('Tab');
      await page().keyboard.press('Enter');
    }
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'dryRun').length)).toBe(2);
    expect(await host((fake) => fake.asked.filter((a) => a.method === 'act').map((a) => a.params['action']))).toEqual([
      'run',
      'showPlan',
    ]);
  });

  it('says when the plan has changed since, and goes on from there', async () => {
    await open('rescale');
    await page().getByRole('heading', { level: 1 }).waitFor();
    await host((fake) => fake.say('changed', null));
    const banner = page().locator('.report-banner');
    await banner.getByText('The plan has changed since this dry run.').waitFor();
    await banner.getByRole('button', { name: 'Dry Run Again' }).click();
    await banner.waitFor({ state: 'detached' });
    await host((fake) => fake.say('again', null));
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'dryRun').length)).toBe(3);
  });

  it('shows how far it is, and can be stopped', async () => {
    await open('slow');
    await page().getByText('… 1 s').waitFor();
    await page().getByRole('button', { name: 'Cancel' }).click();
    await page().getByRole('heading', { name: 'Cancelled' }).waitFor();
    expect(await host((fake) => fake.cancelled)).toBe(1);
  });

  it('says why a plan is refused, and what to do', async () => {
    await open('refused');
    await page().getByRole('heading', { name: 'Refused: something would be lost' }).waitFor();
    expect(await page().locator('main').textContent()).toContain('Leave it out.');
    await page().getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => host((fake) => fake.asked.filter((a) => a.method === 'dryRun').length)).toBe(2);
  });

  it('takes names and values of others as text', async () => {
    await open('hostile');
    await page().getByRole('heading', { level: 1 }).waitFor();
    expect(await page().locator('main img, main b').count()).toBe(0);
    expect(await page().locator('main').textContent()).toContain('<img src=x onerror=alert(1)>');
  });

  for (const theme of ['dark-modern', 'light-modern', 'hc-black', 'hc-light']) {
    it(`can be read in ${theme}, also in a narrow editor`, async () => {
      for (const [scenario, width] of [
        ['rescale', 1280],
        ['bootstrap', 420],
      ] as const) {
        await open(scenario, { theme, width });
        await page().getByRole('heading', { level: 1 }).waitFor();
        await host((fake) => fake.say('changed', null));
        await page().locator('.report-banner').waitFor();
        expect(await page().evaluate(poorContrast)).toEqual([]);
      }
    });
  }
});
