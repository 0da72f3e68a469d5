import { jobsClassesIn, type TypeInfo } from '../../src/engine/types/typeInfo';
import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';

/** What is said of a state with values that only the job can read, and the way to say how they are read; null where there are none. */
export function decoderNote(
  context: PageContext,
  type: TypeInfo,
  choose: (classes: string[]) => void,
): HTMLElement | null {
  const { strings, settings } = context;
  const classes = jobsClassesIn(type);
  if (classes.length === 0) return null;
  const lines = classes.map((name) => {
    const chosen = Object.hasOwn(settings.decoders, name) ? settings.decoders[name] : undefined;
    const text = chosen === undefined ? fill(strings.onlyJobReads, name) : fill(strings.readAsChosen, name, chosen);
    return h('p', {}, text);
  });
  const link = h('button', { type: 'button', class: 'link' }, strings.chooseDecoder);
  link.addEventListener('click', () => choose(classes));
  return h('div', { class: 'health-item decoder-note', role: 'note' }, icon('info'), h('div', {}, ...lines, link));
}
