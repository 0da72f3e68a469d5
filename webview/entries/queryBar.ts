import type { PageContext } from '../context';
import { h, setAttributes } from '../dom';
import { icon } from '../ui/icons';
import { button, iconButton } from '../ui/toolkit';

export interface Question {
  key: string | null;
  filter: string | null;
}

/** The two questions to a state: one key, and a filter. What is wrong with one is said below it. */
export class QueryBar {
  readonly element: HTMLElement;
  private readonly key: Field | null;
  private readonly filter: Field;

  /** State without keys cannot be asked for one. */
  constructor(
    { strings }: PageContext,
    isKeyed: boolean,
    question: Question,
    ask: (question: Question) => void,
    /** Beside the fields: progress and Stop. */
    beside: HTMLElement,
  ) {
    const asked = (): void => ask({ key: this.key?.value ?? null, filter: this.filter.value });
    this.key = isKeyed
      ? new Field('key', strings.keyInput, strings.lookUp, strings.clearKey, question.key, asked)
      : null;
    this.filter = new Field(
      'where',
      strings.filterInput,
      strings.applyFilter,
      strings.clearFilter,
      question.filter,
      asked,
    );
    this.element = h('div', { class: 'query', role: 'search' }, this.key?.element, this.filter.element, beside);
  }

  /** What is wrong with the key or with the filter; null for nothing. */
  complain(about: { key?: string; filter?: string }): void {
    this.key?.complain(about.key ?? null);
    this.filter.complain(about.filter ?? null);
  }
}

class Field {
  readonly element: HTMLElement;
  private readonly input: HTMLInputElement;
  private readonly complaint: HTMLElement;
  private readonly clear: HTMLElement;

  constructor(name: string, label: string, press: string, clear: string, value: string | null, asked: () => void) {
    const complaintId = `${name}-complaint`;
    this.input = h('input', {
      type: 'text',
      class: 'query-input mono',
      placeholder: label,
      'aria-label': label,
      'aria-describedby': complaintId,
      spellcheck: 'false',
      autocomplete: 'off',
    });
    this.input.value = value ?? '';
    this.complaint = h('p', { class: 'complaint', id: complaintId, role: 'alert', hidden: true });
    this.clear = iconButton(clear, icon('close'), () => {
      this.input.value = '';
      this.changed();
      asked();
      this.input.focus();
    });
    this.input.addEventListener('input', () => this.changed());
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      asked();
    });
    this.element = h(
      'div',
      { class: `query-field ${name}` },
      h(
        'div',
        { class: 'query-line' },
        h('span', { class: 'query-box' }, this.input, this.clear),
        button(press, 'secondary', asked),
      ),
      this.complaint,
    );
    this.changed();
  }

  /** Null for a field that was left empty. */
  get value(): string | null {
    return this.input.value.trim() === '' ? null : this.input.value;
  }

  complain(complaint: string | null): void {
    this.complaint.hidden = complaint === null;
    this.complaint.textContent = complaint ?? '';
    setAttributes(this.input, { 'aria-invalid': complaint !== null && 'true' });
    if (complaint !== null) this.input.focus();
  }

  private changed(): void {
    this.clear.hidden = this.input.value === '';
  }
}
