import { renameSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

interface Outcome {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  error?: string | undefined;
}

/**
 * What VS Code's test mode calls inside the extension host. Its promise becomes VS Code's exit code, but that code is 0
 * also when the host dies; so what came of each test is written to the file `SUITE_RESULT`, last of all.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, forbidOnly: true });
  const grep = process.env['SUITE_GREP'];
  if (grep !== undefined && grep !== '') mocha.grep(grep);
  // The tests are bundled into this file, so they cannot be found and loaded by name.
  mocha.suite.emit('pre-require', globalThis, 'suite', mocha);
  await loadTests();

  const outcomes: Outcome[] = [];
  const failures = await new Promise<number>((resolve) => {
    const add = (state: Outcome['state']) => (test: Mocha.Test, error?: Error) =>
      outcomes.push({ title: test.fullTitle(), state, error: error?.stack ?? error?.message });
    mocha.run(resolve).on('pass', add('passed')).on('fail', add('failed')).on('pending', add('skipped'));
  });
  const file = process.env['SUITE_RESULT'];
  if (file === undefined) throw new Error('SUITE_RESULT does not say where the result goes.');
  writeFileSync(`${file}.tmp`, JSON.stringify({ tests: outcomes }));
  renameSync(`${file}.tmp`, file);
  if (failures > 0) throw new Error(`${failures} of ${outcomes.length} tests failed.`);
}

async function loadTests(): Promise<void> {
  // In this order: the first looks at an extension that sleeps.
  await import('./activation.test');
  await import('./editor.test');
  await import('./commands.test');
  await import('./plans.test');
  await import('./rows.test');
}
