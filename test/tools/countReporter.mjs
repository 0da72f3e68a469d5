// A reporter of node:test that keeps what came of each test: node --test --test-reporter=test/tools/countReporter.mjs
import { writeResults } from './results.mjs';

export default async function* countReporter(events) {
  const tests = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A suite is counted by its tests, except where it fails by itself: a hook that throws.
    if (
      data.details?.type === 'suite' &&
      (type === 'test:pass' || data.details.error?.failureType === 'subtestsFailed')
    ) {
      continue;
    }
    const left = data.skip !== undefined || data.todo !== undefined;
    const state = type === 'test:fail' ? 'failed' : left ? 'skipped' : 'passed';
    tests.push({ title: data.name, state, error: data.details?.error?.message });
  }
  writeResults(process.env.RESULTS_NAME ?? 'node', tests);
  yield '';
}
