import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import type { SnapshotDescription } from '../../src/engine/description';
import { pack } from '../../src/rpc/msgpack';
import { type PageName, type PageServer, servePage } from './server';

/** A browser of the system; without one the tests of pages cannot run, and say so. */
const executable = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (file) => file !== undefined && existsSync(file),
);
if (executable === undefined)
  process.stderr.write('The pages in a browser: skipped, there is no Chromium (set CHROMIUM).\n');

export interface OpenOptions {
  page?: PageName;
  theme?: string;
  width?: number;
  reducedMotion?: 'reduce';
  given?: SnapshotDescription;
  /** Answers the questions about entries, packed. */
  engine?: (method: string, params: number[]) => Promise<number[]>;
}

/** What the stand-in for the extension was asked and told. */
export interface FakeHost {
  asked: { method: string; params: Record<string, unknown> }[];
  heard: { event: string; body: unknown }[];
  cancelled: number;
  /** Milliseconds that answers about rows take. */
  answers: { delay: number };
  say(event: string, body: unknown): void;
  grow(part: number): Promise<void>;
}

/** The page of one test. */
export class OpenPage {
  private current: Page | undefined;
  private complaints: string[] = [];

  constructor(private readonly running: () => { server: PageServer; browser: Browser }) {}

  get page(): Page {
    if (this.current === undefined) throw new Error('No page is open.');
    return this.current;
  }

  async open(scenario: string, more: OpenOptions = {}): Promise<Page> {
    const { server, browser } = this.running();
    const context = await browser.newContext({
      viewport: { width: more.width ?? 1280, height: 800 },
      ...(more.reducedMotion === undefined ? {} : { reducedMotion: more.reducedMotion }),
    });
    const page = await context.newPage();
    this.current = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    if (more.given !== undefined) {
      await page.addInitScript((bytes) => Object.assign(window, { givenSnapshot: bytes }), [...pack(more.given)]);
    }
    if (more.engine !== undefined) await page.exposeFunction('askEngine', more.engine);
    await page.goto(server.url(scenario, more.theme, more.page));
    return page;
  }

  /** Runs in the page, with what stands in for the extension. */
  host<T>(read: (fake: FakeHost) => T): Promise<T> {
    return this.page.evaluate(`(${read.toString()})(window.fakeHost)`) as Promise<T>;
  }

  async close(): Promise<void> {
    // Violations of the security policy are among them.
    const complaints = this.complaints;
    this.complaints = [];
    expect(complaints).toEqual([]);
    await this.current?.context().close();
    this.current = undefined;
  }
}

/** Tests of pages, each with a page of its own. */
export function describePages(title: string, tests: (pages: OpenPage) => void): void {
  describe.skipIf(executable === undefined)(title, () => {
    let running: { server: PageServer; browser: Browser } | undefined;
    const pages = new OpenPage(() => {
      if (running === undefined) throw new Error('The browser is not there yet.');
      return running;
    });
    beforeAll(async () => {
      const server = await servePage();
      running = {
        server,
        browser: await chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox'] }),
      };
    });
    afterAll(async () => {
      await running?.browser.close();
      await running?.server.close();
    });
    afterEach(() => pages.close());
    tests(pages);
  });
}

/** Texts whose contrast is below 4.5 to 1, the AA level of WCAG. Runs in the page. */
export function poorContrast(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (canvas === null) throw new Error('No canvas.');
  const rgba = (color: string): number[] => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top: number[], below: number[]): number[] => {
    const a = (top[3] ?? 0) / 255;
    return [0, 1, 2].map((i) => (top[i] ?? 0) * a + (below[i] ?? 0) * (1 - a)).concat(255);
  };
  const behind = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255, 255];
    const own = rgba(getComputedStyle(element).backgroundColor);
    return (own[3] ?? 0) === 255 ? own : over(own, behind(element.parentElement));
  };
  const light = (color: number[]): number => {
    const [r = 0, g = 0, b = 0] = color.map((c) =>
      c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Set<string>();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || node.textContent?.trim() === '' || element.closest('.spoken, script') !== null) continue;
    if (element.getClientRects().length === 0) continue;
    const back = behind(element);
    const front = over(rgba(getComputedStyle(element).color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
    if (ratio < 4.5) found.add(`${element.className}: ${node.textContent?.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return [...found];
}
