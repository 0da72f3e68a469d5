// Preloaded (`node --require`): at its end the process writes what it used, as JSON, to the file that BENCH_USAGE names.
const { writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

process.on('exit', () => {
  // What a process used includes its threads, which have preloaded this too.
  if (!isMainThread) return;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ peakKilobytes: maxRSS, cpuSeconds }));
});
