import { expect, it } from 'vitest';
import { operatorIdOfUid } from '../../src/engine/metadata/operatorId';
import { describePages, type FakeHost, poorContrast } from './browser';
import type { FakeHealth } from './health';
import { operator, snapshot, state } from './samples';

type HealthHost = FakeHost & { health: FakeHealth };

const USERS = operatorIdOfUid('users');
const SOURCE = 'bc764cd8ddf7a0cff126f51c16239658';
const kryo = { name: 'kryo', className: 'com.acme.Old', serializer: 'x.KryoSerializerSnapshot' };
const given = snapshot({
  metadataVersion: 4,
  operators: [
    operator(USERS, { keyType: 'string', states: [state('profile'), state('history', { typeInfo: kryo })] }),
    operator(SOURCE, { bytes: 2000 }),
  ],
});
const inSources = {
  uid: 'users',
  given: { label: null, by: 'source' as const, place: { path: '/home/ada/shop/src/Jobs.java', line: 42, column: 8 } },
};

describePages('health and names, in a browser', (pages) => {
  const host = <T>(read: (fake: HealthHost) => T): Promise<T> => pages.host(read as (fake: FakeHost) => T);
  const item = (text: string | RegExp) => pages.page.locator('.health-item').filter({ hasText: text });
  const asked = (method: string) =>
    pages.page.evaluate(
      (name) =>
        (window as unknown as { fakeHost: FakeHost }).fakeHost.asked
          .filter((a) => a.method === name)
          .map((a) => a.params),
      method,
    );
  const openGiven = async () => {
    await pages.open('given', { given });
    await item('Kryo 2').waitFor();
  };

  it('says what stands in the way, what it means, what to do, and where', async () => {
    await openGiven();
    const texts = await pages.page.locator('.health-item').allTextContents();
    expect(texts[0]).toMatch(/^Warning: /);
    expect(texts.at(-1)).toMatch(/^Good: /);
    const poor = await pages.page.evaluate(poorContrast);
    expect(poor.filter((text) => !text.startsWith('area-'))).toEqual([]);
    const old = item('1 state uses Kryo 2');
    expect(await old.locator('.quiet').first().textContent()).toMatch(/migrate the state/);
    await old.getByRole('button', { name: /history/ }).click();
    await pages.page.locator('.details h3').getByText('history').waitFor();
  });

  it('mends with a click: rescale, a copy, a name', async () => {
    await openGiven();
    await item('The max parallelism is 128').getByRole('button', { name: 'Rescale…' }).click();
    await expect.poll(() => asked('act')).toEqual([{ action: 'rescale' }]);
    await item('known by its hash only').getByRole('button', { name: 'Name It…' }).click();
    await expect.poll(() => asked('nameOperator')).toEqual([{ operator: USERS }]);
    await item('is generated').getByRole('button', { name: 'Give It a uid…' }).click();
    await expect.poll(() => asked('modifyOperator')).toEqual([{ operator: SOURCE }]);
  });

  it('shows names as they are found, where they stand, and takes their findings away', async () => {
    await openGiven();
    await pages.page.evaluate(
      ([id, name]) => (window as unknown as { fakeHost: HealthHost }).fakeHost.health.name(id, name),
      [USERS, inSources] as const,
    );
    const row = pages.page.locator('[role="treegrid"] [role="row"]').filter({ hasText: 'users' }).first();
    await row.waitFor();
    expect(await row.locator('.id').getAttribute('title')).toContain('uid("users") at Jobs.java:42');
    await item('known by its hash only').waitFor({ state: 'detached' });
    await row.click();
    const source = pages.page.locator('.given').getByRole('button', { name: 'uid("users") at Jobs.java:42' });
    await source.click();
    await expect.poll(() => asked('openSource')).toEqual([{ operator: USERS }]);
    await pages.page.locator('.given').getByRole('button', { name: 'Name This Operator…' }).click();
    await expect.poll(() => asked('nameOperator')).toEqual([{ operator: USERS }]);
  });

  it('reads everything when asked, says how far it is, stops, and tells what it found', async () => {
    await openGiven();
    const health = (call: string) =>
      pages.page.evaluate(
        (what) =>
          new Function('health', `health.${what}`)((window as unknown as { fakeHost: HealthHost }).fakeHost.health),
        call,
      );
    const section = pages.page.locator('.health');
    await section.getByText('Verify All Entries').click();
    await section.getByText('Stop', { exact: true }).waitFor();
    await health('read(1234567, 89000000)');
    await section.getByText('Reading everything: 1,234,567 entries, 89\u00a0MB').waitFor();
    await section.getByText('Stop', { exact: true }).click();
    await section.getByText('Stopped: not everything was read.').waitFor();
    await section.getByText('Verify All Entries').click();
    // An end that comes before its beginning was heard would be no end.
    await expect
      .poll(() => host((fake) => fake.heard.filter((e) => e.event === 'verify').map((e) => e.body)))
      .toEqual(['start', 'stop', 'start']);
    await health('finish(4200)');
    await item('All 4,200 entries were read').waitFor();
  });
});
