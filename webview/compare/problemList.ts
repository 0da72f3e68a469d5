import type { Problem } from '../../src/engine/description';
import { fill } from '../../src/view/format';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';

/** What could not be read, and so was not compared. */
export function problemList({ strings, count }: PageWords, problems: readonly Problem[]): HTMLElement {
  const place = ({ file, offset }: Problem): string | null =>
    file === null ? null : offset === null ? file : fill(strings.atOffset, file, count(offset));
  return h(
    'details',
    { class: 'compare-problem-list' },
    h('summary', {}, icon('warning'), `${strings.comparison.problems} (${count(problems.length)})`),
    h(
      'ul',
      {},
      ...problems.map((problem) =>
        h(
          'li',
          {},
          problem.where !== null && h('div', { class: 'strong' }, problem.where),
          h('div', {}, problem.message),
          place(problem) !== null && h('div', { class: 'quiet mono' }, place(problem)),
        ),
      ),
    ),
  );
}
