import type { FilterName } from '../../src/view/shownRows';
import { h, setAttributes } from '../dom';
import { accept, type Completion, completionsAt } from './completion';

const LIST = 'filter-names';

/** Suggestions for an input, as a combobox: they come while a name is typed, arrows choose, Enter or Tab takes. */
export class FilterCompletion {
  readonly list = h('ul', { role: 'listbox', id: LIST, class: 'suggestions', hidden: true });
  private names: readonly FilterName[] = [];
  private completion: Completion | null = null;
  private chosen = -1;

  constructor(
    private readonly input: HTMLInputElement,
    label: string,
    private readonly changed: () => void,
  ) {
    this.list.setAttribute('aria-label', label);
    setAttributes(input, {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-controls': LIST,
      'aria-expanded': 'false',
    });
    input.addEventListener('input', () => this.suggest());
    input.addEventListener('blur', () => this.close());
    // Before those who take Enter for a question.
    input.addEventListener('keydown', (event) => this.onKey(event), { capture: true });
    // The focus stays in the input.
    this.list.addEventListener('mousedown', (event) => event.preventDefault());
    this.list.addEventListener('click', (event) => {
      const option = event.target instanceof Element ? event.target.closest('[role="option"]') : null;
      const index = option === null ? -1 : [...this.list.children].indexOf(option);
      if (index >= 0) this.take(index);
    });
  }

  setNames(names: readonly FilterName[]): void {
    this.names = names;
  }

  private suggest(): void {
    const { value, selectionStart } = this.input;
    const cursor = selectionStart ?? value.length;
    const completion = completionsAt(value, cursor, this.names);
    // Nothing typed yet: what there is comes when it is asked for.
    if (completion === null || (cursor === completion.from && value[cursor - 1] !== '.')) this.close();
    else this.open(completion);
  }

  private open(completion: Completion): void {
    this.completion = completion;
    this.list.replaceChildren(
      ...completion.items.map(({ name, type, is }, i) =>
        h(
          'li',
          { role: 'option', id: `${LIST}-${i}`, class: `suggestion ${is}` },
          h('span', { class: 'mono' }, name),
          h('span', { class: 'quiet mono type' }, type),
        ),
      ),
    );
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.choose(0);
  }

  private close(): void {
    if (this.completion === null) return;
    this.completion = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
  }

  private choose(index: number): void {
    const options = [...this.list.children];
    this.chosen = (index + options.length) % options.length;
    options.forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === this.chosen));
    });
    options[this.chosen]?.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', `${LIST}-${this.chosen}`);
  }

  private take(index: number): void {
    const { completion, input } = this;
    const item = completion?.items[index];
    if (completion === null || item === undefined) return;
    const cursor = input.selectionStart ?? input.value.length;
    const after = accept(input.value, cursor, completion.from, item);
    input.value = after.text;
    input.setSelectionRange(after.cursor, after.cursor);
    this.close();
    this.changed();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { completion } = this;
    if (completion === null) {
      if (event.key !== ' ' || !event.ctrlKey) return;
      const { value, selectionStart } = this.input;
      const all = completionsAt(value, selectionStart ?? value.length, this.names);
      if (all !== null) this.open(all);
    } else if (event.key === 'ArrowDown') this.choose(this.chosen + 1);
    else if (event.key === 'ArrowUp') this.choose(this.chosen - 1);
    else if (event.key === 'Enter' || event.key === 'Tab') this.take(this.chosen);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}
