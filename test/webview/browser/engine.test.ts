import * as path from 'node:path';
import { expect, it } from 'vitest';
import { describeSnapshot } from '../../../src/engine/inspect';
import { nodeFileStore } from '../../../src/engine/storage/nodeFileStore';
import { pack, unpack } from '../../../src/rpc/msgpack';
import { rowAnswers } from '../../../src/worker/entries/rowAnswers';
import { StateSessions } from '../../../src/worker/entries/stateSessions';
import { describePages } from '../browser';
import { StatePages } from './statePages';

const SAMPLE = path.resolve(import.meta.dirname, '../../../media/sample');

type Answer = (params: unknown, context: { signal: AbortSignal; progress(): void }) => unknown;

describePages('the page of a state with the engine behind it', (pages) => {
  const on = new StatePages(pages);

  it('shows every state of a real snapshot as the engine reads it', async () => {
    const sessions = new StateSessions(nodeFileStore);
    const answers = rowAnswers(sessions) as unknown as Record<string, Answer>;
    const context = { signal: new AbortController().signal, progress: () => undefined };
    const engine = async (method: string, packed: number[]): Promise<number[]> => {
      const params = { ...(unpack(Uint8Array.from(packed)) as object), path: SAMPLE, version: 1 };
      return [...pack(await answers[method]?.(params, context))];
    };
    const given = await describeSnapshot(SAMPLE, nodeFileStore);
    await pages.open('given', { given, engine });
    await pages.page.locator('[role="treegrid"] [role="row"]').first().waitFor();
    let seen = 0;
    for (const { id, states } of given.operators) {
      for (const { name, backend } of states) {
        await on.show({ operator: id, state: name, backend });
        // What is sorted is there when all of it was read.
        await expect
          .poll(async () => `${await on.status.textContent()}${await on.note.textContent()}`)
          .not.toMatch(/^(about )?0 rows$/);
        const [total] = /[\d,]+(?= rows?$|$)/.exec((await on.status.textContent()) ?? '') ?? ['0'];
        if (total === '0') {
          await expect.poll(() => on.note.textContent(), { message: name }).toBe('This state has no entries.');
          continue;
        }
        const rows = await on.filled();
        await on.cell(rows.length > 1 ? 2 : 1, 1).click();
        await on.side.getByRole('tree').first().waitFor();
        expect(await pages.page.locator('.entry-view').textContent()).not.toBe('');
        // The bytes of a field are known wherever its serializer tells.
        expect(await on.side.locator('pre.hex').count(), name).toBeGreaterThan(0);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(15);
    await sessions.close(SAMPLE);
  }, 180_000);
});
