// Values that only the job can read, and a person who says how they are read, in a real window.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { quickOpen, SNAPSHOT_SHOWN, webviewFrame } from '../browser.mjs';
import { openSource } from './session.mjs';

const FLINKS = 'org.apache.flink.api.java.typeutils.runtime.TupleSerializerSnapshot';
/** A class of the job with a name as long, so that the bytes stay where they are. */
const OWN = 'com.acme.PairSnapshot'.padEnd(FLINKS.length, '_');
const CHOOSE = 'Choose How to Read It…';

describe('values that only the job can read, in the window', { timeout: 300_000 }, () => {
  let session;
  let page;
  before(async () => {
    session = await openSource();
    page = session.page;
    const folder = path.join(session.workspace.path, 'canonical');
    for (const name of fs.readdirSync(folder)) {
      const file = path.join(folder, name);
      const text = fs.readFileSync(file, 'latin1');
      if (text.includes(FLINKS)) fs.writeFileSync(file, text.replaceAll(FLINKS, OWN), 'latin1');
    }
    await quickOpen(page, 'canonical/_metadata');
  });
  after(() => session?.stop());

  const kept = () => {
    const settings = path.join(session.workspace.path, '.vscode/settings.json');
    return JSON.parse(fs.readFileSync(settings, 'utf8'))['savepointExplorer.decoders'];
  };

  test('are bytes, until a person says how they are read, and are so again when it is taken back', async () => {
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('button', { name: 'Expand all' }).click();
    await frame.locator('[role="treegrid"] [role="row"][aria-level="2"]', { hasText: 'average' }).first().click();
    await page.keyboard.press('Enter');
    const note = frame.getByRole('note');
    await note.getByText(`Only the job’s ${OWN} reads its values.`).waitFor();
    await note.getByRole('button', { name: CHOOSE }).click();
    const question = page.locator('.quick-input-widget:visible');
    const input = question.locator('input').first();
    await input.fill('tuple<lonng, long>');
    await question.getByText('No type is called lonng.').waitFor();
    await session.shot('choose-decoder');
    await input.fill('tuple<long, long>');
    await question.getByText('No type is called lonng.').waitFor({ state: 'hidden' });
    await page.keyboard.press('Enter');
    await note.getByText(`Values of ${OWN} are read as tuple<long, long>, as you chose.`).waitFor();
    await frame.getByRole('gridcell', { name: '6000', exact: true }).first().waitFor();
    await session.shot('decoder-chosen');
    assert.deepEqual(kept(), { [OWN]: 'tuple<long, long>' });

    await note.getByRole('button', { name: CHOOSE }).click();
    assert.equal(await input.inputValue(), 'tuple<long, long>');
    await input.fill('');
    await page.keyboard.press('Enter');
    await note.getByText(`Only the job’s ${OWN} reads its values.`).waitFor();
    await frame.getByRole('gridcell', { name: '6000', exact: true }).first().waitFor({ state: 'hidden' });
    assert.equal(kept(), undefined);
  });
});
