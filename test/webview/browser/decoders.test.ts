import { expect, it } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import type { DecoderChoices } from '../../../src/engine/types/decoderChoices';
import { pack, unpack } from '../../../src/rpc/msgpack';
import { rowAnswers } from '../../../src/worker/entries/rowAnswers';
import { StateSessions } from '../../../src/worker/entries/stateSessions';
import { fixture } from '../../engine/plan/harness';
import { ENUM, jobsOwn, TUPLE, withJobsOwn } from '../../jobsOwn';
import { describePages, type FakeHost, poorContrast } from '../browser';
import { StatePages } from './statePages';

const PAIR = jobsOwn(TUPLE, 'PairSnapshot');
const KIND = jobsOwn(ENUM, 'KindSnapshot');
const path = fixture('2.3-accounts-heap-canonical');
const accounts = '14cfd403e0929194539014eaed9ae6ed';

type Answer = (params: unknown, context: { signal: AbortSignal; progress(): void }) => unknown;

describePages('values that only the job can read', (pages) => {
  const on = new StatePages(pages);
  const note = () => pages.page.getByRole('note');
  let decoders: DecoderChoices = {};

  async function open(state: string): Promise<void> {
    const store = withJobsOwn(path, { [TUPLE]: 'PairSnapshot', [ENUM]: 'KindSnapshot' });
    const answers = rowAnswers(new StateSessions(store)) as unknown as Record<string, Answer>;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const engine = async (method: string, packed: number[]): Promise<number[]> => {
      const params = { ...(unpack(Uint8Array.from(packed)) as object), path, version: 1, decoders };
      return [...pack(await answers[method]?.(params, context))];
    };
    decoders = {};
    await on.open(
      'given',
      { operator: accounts, state, backend: 'canonical' },
      { given: await describeSnapshot(path, store), engine },
    );
  }

  /** As the extension does when the setting changes. */
  async function choose(choices: DecoderChoices): Promise<void> {
    decoders = choices;
    const settings = { sizeUnits: 'decimal', timeZone: 'utc', locale: 'en', decoders: choices };
    await pages.page.evaluate(
      (said) => (window as unknown as { fakeHost: FakeHost }).fakeHost.say('settings', said),
      settings,
    );
  }

  it('are bytes with a way to say how they are read, and are read again when it was said', async () => {
    await open('average');
    expect(await note().textContent()).toContain(`Only the job’s ${PAIR} reads its values.`);
    expect(await on.cell(1, 2).textContent()).not.toContain('6000');
    await note().getByRole('button', { name: 'Choose How to Read It…' }).click();
    expect(await on.asked('chooseDecoder')).toEqual([{ classes: [PAIR] }]);
    await choose({ [PAIR]: 'tuple<long, long>' });
    await expect.poll(() => note().textContent()).toContain(`Values of ${PAIR} are read as tuple<long, long>`);
    await expect.poll(async () => (await on.filled())[0]?.cells).toContain('6000');
    await choose({});
    await expect.poll(async () => (await on.filled())[0]?.cells).not.toContain('6000');
    expect(await pages.page.evaluate(poorContrast)).toEqual([]);
  });

  it('stand in the details with the class, and a way to choose', async () => {
    await open('history');
    await on.cell(1, 1).click();
    await on.side.getByRole('button', { name: 'Choose How to Read It…' }).click();
    expect(await on.asked('chooseDecoder')).toEqual([{ classes: [KIND] }]);
    await choose({ [KIND]: 'int' });
    await expect.poll(async () => (await on.filled())[0]?.cells.join()).not.toContain('not decoded');
    await on.cell(1, 1).click();
    await on.side.getByText(`chosen for ${KIND}`).first().waitFor();
  });

  it('whose choice is no type say what is wrong with it, and are text whatever it is', async () => {
    await open('average');
    await choose({ [PAIR]: '<img src=x onerror=alert(1)>' });
    await expect.poll(() => note().textContent()).toContain('are read as <img src=x onerror=alert(1)>');
    await on.cell(1, 1).click();
    await on.side.getByText('is no type to read values with').first().waitFor();
    expect(await pages.page.locator('img').count()).toBe(0);
  });

  it('are not spoken of where there are none', async () => {
    await open('balance');
    expect(await note().count()).toBe(0);
  });
});
