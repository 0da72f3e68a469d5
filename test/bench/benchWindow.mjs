// npm run bench:window -- OUT [options]: measures the page of a state in a real VS Code (code-server, in a headless Chromium) on the
// snapshots that `bash test/flink/bench.sh OUT` wrote.
//
//   --formats canonical,heap,rocksdb,incremental    only these
//   --state NAME     whose rows are shown (counters)
//   --repeat N       opens the state so often and shows the median (5)
//   --seconds N      the wheel turns for so long (10)
//
// First rows: from the key that opens the state to the frame that shows its rows. Frames: while the wheel turns, as real events of the
// mouse, slowly (five rows a step) and so fast that all rows pass in that time; a frame is dropped where two are further apart than
// the display wants, and blank where a row that is seen is not there yet. Host: how long the extension host's event loop was held up at
// most, while the state's rows are counted. Memory: of the page's JavaScript, and of the extension host's process, in which the
// engine's thread runs, at their highest.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openWindow, SNAPSHOT_SHOWN, startBrowser, webviewFrame } from '../host/browser.mjs';
import { installPackager } from '../host/install.mjs';
import { startServer } from '../host/server.mjs';
import { root } from '../tools/paths.mjs';
import { runOrThrow, temporaryFolder } from '../tools/processes.mjs';
import { median, printRows } from './table.mjs';

const ROWS_SHOWN = '.grid-body .grid-row:not([hidden]):not(.waiting)';
/** A wheel's notch. */
const SLOW_PX = 120;
const STEP_MS = 16;
const ROW_PX = 24;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    formats: { type: 'string', default: 'canonical,heap,rocksdb,incremental' },
    state: { type: 'string', default: 'counters' },
    repeat: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '10' },
  },
});
if (positionals.length !== 1) {
  console.error('Usage: npm run bench:window -- OUT [options]; `bash test/flink/bench.sh OUT` writes OUT.');
  process.exit(2);
}
const out = path.resolve(positionals[0]);
const { snapshots } = JSON.parse(fs.readFileSync(path.join(out, 'counts.json'), 'utf8'));

await runOrThrow(process.execPath, [path.join(root, 'esbuild.mjs')]);
const packed = temporaryFolder('bench-monitor');
const watcher = path.join(packed.path, 'monitor.vsix');
await runOrThrow(
  process.execPath,
  [
    await installPackager(),
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--skip-license',
    '--out',
    watcher,
  ],
  { cwd: path.join(root, 'test/bench/monitor') },
);
const printed = [];
for (const format of options.formats.split(','))
  printed.push(...(await measure(format, path.join(out, snapshots[format]))));
packed.remove();
printRows(printed);

async function measure(format, snapshot) {
  const folder = temporaryFolder('bench-window');
  const monitor = path.join(folder.path, 'monitor');
  fs.mkdirSync(monitor);
  let server;
  let browser;
  try {
    server = await startServer({
      development: true,
      settings: { 'workbench.editorAssociations': { '**/_metadata': 'savepointExplorer.snapshot' } },
      env: { MONITOR_FOLDER: monitor },
      vsix: [watcher],
    });
    browser = await startBrowser({ viewport: { width: 1600, height: 1000 } });
    const page = await openWindow(server, browser.context, {
      folder: snapshot,
      file: path.join(snapshot, '_metadata'),
      extensionDevelopmentPath: root,
    });
    const frame = await webviewFrame(page, SNAPSHOT_SHOWN);
    await frame.getByRole('searchbox').fill(options.state);
    await frame.locator('[role="treegrid"] [role="row"]', { hasText: options.state }).last().click();

    const before = Date.now();
    const firsts = [];
    for (let i = 0; i < Number(options.repeat); i++) {
      firsts.push(await timeToRows(page, frame));
      if (i < Number(options.repeat) - 1) {
        await page.keyboard.press('Alt+ArrowLeft');
        await frame.locator(SNAPSHOT_SHOWN).first().waitFor();
      }
    }
    // Counting has begun with the first rows: the wheel turns meanwhile.
    const during = await turn(page, frame, SLOW_PX);
    await frame.waitForFunction(
      () => document.querySelector('.grid')?.getAttribute('aria-rowcount') !== '-1',
      undefined,
      { timeout: 600_000 },
    );
    const counted = Date.now();
    const rows = Number(await frame.locator('[role="grid"]').getAttribute('aria-rowcount')) - 1;
    const slow = await turn(page, frame, SLOW_PX);
    await page.keyboard.press('Control+Home');
    const steps = (Number(options.seconds) * 1000) / STEP_MS;
    const fast = await turn(page, frame, (rows * ROW_PX) / steps);
    const said = readMonitor(monitor);
    const host = said.filter(({ at }) => at >= before && at <= counted);
    if (host.length === 0) throw new Error('The extension host says nothing of itself.');
    const most = (of, name) => of.reduce((high, line) => Math.max(high, line[name]), 0);
    const row = (what, how, value) => ({ snapshot: format, what, how, value });
    const frames = (what, { frames, dropped, blank, longest }) =>
      row(
        'wheel',
        what,
        `${dropped} of ${frames + dropped} frames dropped, ${blank} blank, longest ${longest.toFixed(0)} ms`,
      );
    return [
      row('rows of the state', '', rows.toLocaleString('en')),
      row(
        'first rows',
        `median of ${firsts.length}`,
        `${median(firsts).toFixed(0)} ms (${firsts.map((ms) => ms.toFixed(0)).join(', ')})`,
      ),
      frames('5 rows a step, while it counts', during),
      frames('5 rows a step', slow),
      frames('through all rows', fast),
      row('count of all rows', 'in the background', `${((counted - before) / 1000).toFixed(1)} s`),
      row(
        'extension host',
        'held up, while it counts',
        `at most ${most(host, 'longest').toFixed(0)} ms, 99 % below ${median(host.map(({ p99 }) => p99)).toFixed(0)} ms`,
      ),
      row('memory', 'page', `${(most([during, slow, fast], 'heap') / 1e6).toFixed(0)} MB of JavaScript`),
      row('memory', 'host with engine', `${(most(said, 'rss') / 1e6).toFixed(0)} MB resident`),
    ];
  } finally {
    await browser?.stop();
    await server?.stop();
    folder.remove();
  }
}

/** Milliseconds from Enter on the selected state to the frame that has its rows. */
async function timeToRows(page, frame) {
  const measured = frame.evaluate(
    (rowsShown) =>
      new Promise((done) => {
        const look = (begun) => {
          if (document.querySelector(rowsShown) === null) requestAnimationFrame(() => look(begun));
          // The frame that was just drawn is seen when the next one begins.
          else requestAnimationFrame(() => done(performance.now() - begun));
        };
        window.addEventListener('keydown', (event) => look(event.timeStamp), { capture: true, once: true });
      }),
    ROWS_SHOWN,
  );
  await frame.locator('[role="treegrid"] [role="row"][aria-selected="true"]').focus();
  await page.keyboard.press('Enter');
  return await measured;
}

/** Turns the wheel over the rows, so many pixels a step, and tells of the frames meanwhile. */
async function turn(page, frame, px) {
  const box = await frame.locator('[role="grid"]').boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await frame.evaluate((rowsWaiting) => {
    const times = [];
    let blank = 0;
    const note = (time) => {
      times.push(time);
      if (document.querySelector(rowsWaiting) !== null) blank++;
      window.watchedFrames.next = requestAnimationFrame(note);
    };
    window.watchedFrames = { times, next: requestAnimationFrame(note), blank: () => blank };
  }, '.grid-body .grid-row.waiting:not([hidden])');
  const end = Date.now() + Number(options.seconds) * 1000;
  for (let at = Date.now(); at < end; ) {
    await page.mouse.wheel(0, px);
    const next = at + STEP_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - Date.now())));
    at = Math.max(next, Date.now());
  }
  return await frame.evaluate(() => {
    const { times, next, blank } = window.watchedFrames;
    cancelAnimationFrame(next);
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    const wanted = 1000 / 60;
    return {
      frames: gaps.length,
      dropped: gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / wanted) - 1), 0),
      longest: Math.max(...gaps),
      blank: blank(),
      heap: performance.memory.usedJSHeapSize,
    };
  });
}

function readMonitor(folder) {
  return fs
    .readdirSync(folder)
    .flatMap((name) => fs.readFileSync(path.join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
}
