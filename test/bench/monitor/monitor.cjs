// An extension beside the one that is measured, in the same process: it writes to MONITOR_FOLDER how long the extension host's event
// loop was held up, and how much memory the process has, the engine's thread included. benchWindow.mjs reads it.
const fs = require('node:fs');
const path = require('node:path');
const { monitorEventLoopDelay } = require('node:perf_hooks');

const EVERY_MS = 250;
/** The histogram counts the wait for its own timer too. */
const RESOLUTION_MS = 5;

exports.activate = (context) => {
  const file = path.join(process.env.MONITOR_FOLDER, 'host.ndjson');
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const heldUp = (nanos) => Math.max(0, nanos / 1e6 - RESOLUTION_MS);
  const tell = () => {
    const line = {
      at: Date.now(),
      longest: heldUp(delay.max),
      p99: heldUp(delay.percentile(99)),
      rss: process.memoryUsage().rss,
    };
    delay.reset();
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
  const telling = setInterval(tell, EVERY_MS);
  context.subscriptions.push({ dispose: () => clearInterval(telling) });
};
