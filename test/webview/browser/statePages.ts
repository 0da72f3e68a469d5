import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { FakeHost, OpenOptions, OpenPage } from '../browser';

export const USERS = 'bc764cd8ddf7a0cff126f51c16239658';
export const users = { operator: USERS, state: 'profile', backend: 'canonical' };

/** What stands in a row of the grid, as it is seen. */
export interface SeenRow {
  /** Of the top of the row, in px of the window. */
  y: number;
  number: string;
  cells: string[];
}

/** The page of a state in a browser, and the ways through it. */
export class StatePages {
  constructor(readonly pages: OpenPage) {}

  get page() {
    return this.pages.page;
  }

  get grid(): Locator {
    return this.page.getByRole('grid');
  }

  async open(scenario = 'shop', target: typeof users = users, more: OpenOptions = {}): Promise<void> {
    await this.pages.open(scenario, more);
    await this.page.locator('[role="treegrid"] [role="row"]').first().waitFor();
    await this.show(target);
  }

  async show(target: { operator: string; state: string; backend: string }): Promise<void> {
    await this.page.evaluate(
      (state) => (window as unknown as { fakeHost: FakeHost }).fakeHost.say('showEntries', state),
      target,
    );
    await this.page.locator('.state-page h1', { hasText: target.state }).waitFor();
    await expect.poll(() => this.grid.getAttribute('aria-busy')).toBe('false');
  }

  /** The element of the row with a number, from 1. */
  row(number: number): Locator {
    return this.grid.locator(`.grid-body [aria-rowindex="${number + 1}"]`);
  }

  /** A cell by row, from 1, and column; column 0 has the row's number. */
  cell(row: number, column: number): Locator {
    return this.row(row).locator('> *').nth(column);
  }

  /** Rows that are seen, from top to bottom. */
  seen(): Promise<SeenRow[]> {
    return this.grid.evaluate((grid) => {
      const head = grid.querySelector('.grid-head')?.getBoundingClientRect().bottom ?? 0;
      const bottom = grid.getBoundingClientRect().bottom;
      return [...grid.querySelectorAll('.grid-body .grid-row:not([hidden])')]
        .map((row) => ({
          y: row.getBoundingClientRect().top,
          number: row.firstElementChild?.textContent ?? '',
          cells: [...row.children].slice(1).map((cell) => cell.textContent ?? ''),
        }))
        .filter(({ y }) => y > head - 24 && y < bottom)
        .sort((a, b) => a.y - b.y);
    });
  }

  /** Waits until every row that is seen is there. */
  async filled(): Promise<SeenRow[]> {
    await expect.poll(async () => (await this.seen()).map(({ cells }) => cells[0] ?? '')).not.toContain('');
    return await this.seen();
  }

  /** Moves the thumb of the scroll bar to a share of its way. */
  async thumb(share: number): Promise<void> {
    await this.grid.evaluate((grid, part) => {
      grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * part;
    }, share);
    await this.frame();
  }

  /** After what a frame brings. */
  async frame(): Promise<void> {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  press = (key: string): Promise<void> => this.page.keyboard.press(key);

  /** Text of what has the focus. */
  focused = (): Promise<string | null> => this.page.evaluate(() => document.activeElement?.textContent ?? null);

  asked(method: string): Promise<Record<string, unknown>[]> {
    return this.page.evaluate(
      (name) =>
        (window as unknown as { fakeHost: FakeHost }).fakeHost.asked
          .filter((a) => a.method === name)
          .map((a) => a.params),
      method,
    );
  }

  host = <T>(read: (fake: FakeHost) => T): Promise<T> => this.pages.host(read);

  get status() {
    return this.page.locator('.entries-status');
  }

  get work() {
    return this.page.locator('.entries-work');
  }

  get note() {
    return this.page.locator('.entries-note');
  }

  get keyInput() {
    return this.page.getByRole('textbox', { name: /^Key/ });
  }

  get filterInput() {
    return this.page.getByRole('combobox', { name: /^Filter/ });
  }

  button = (name: string) => this.page.getByRole('button', { name, exact: true });

  get side() {
    return this.page.locator('.entry-side');
  }
}
