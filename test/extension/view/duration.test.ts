import { expect, test } from 'vitest';
import { formatDuration } from '../../../src/view/duration';

test('a duration is told by its two largest units', () => {
  expect(formatDuration(0n)).toBe('0 ms');
  expect(formatDuration(999n)).toBe('999 ms');
  expect(formatDuration(1000n)).toBe('1 sec');
  expect(formatDuration(1_500n)).toBe('1 sec 500 ms');
  expect(formatDuration(60_000n)).toBe('1 min');
  expect(formatDuration(19_634_000n)).toBe('5 hr 27 min');
  // Minutes say nothing beside days.
  expect(formatDuration(3n * 86_400_000n + 59_999n)).toBe('3 days');
  expect(formatDuration(1n << 63n)).toBe('106,751,991,167 days 7 hr');
  expect(formatDuration(7_200_000n, 'de')).toBe('2 Std.');
});
