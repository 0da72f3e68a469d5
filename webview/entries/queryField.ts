import { h, setAttributes } from '../dom';
import { icon } from '../ui/icons';
import { iconButton } from '../ui/toolkit';

/** A line to type into, with a way to empty it and room for what is wrong with it. */
export class QueryField {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly complaint: HTMLElement;
  private readonly box: HTMLElement;
  private readonly clear: HTMLElement;

  constructor(
    name: string,
    label: string,
    clear: string,
    value: string | null,
    asked: () => void,
    /** Spelled; null where there is nothing to say. */
    type: string | null,
  ) {
    const complaintId = `${name}-complaint`;
    this.input = h('input', {
      type: 'text',
      class: 'query-input mono',
      placeholder: label,
      'aria-label': label,
      'aria-describedby': complaintId,
      title: type ?? undefined,
      spellcheck: 'false',
      autocomplete: 'off',
    });
    this.input.value = value ?? '';
    this.complaint = h('p', { class: 'complaint', id: complaintId, role: 'alert', hidden: true });
    this.clear = iconButton(clear, icon('close'), () => {
      this.set('');
      this.complain(null);
      asked();
      this.input.focus();
    });
    this.input.addEventListener('input', () => this.changed());
    this.input.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing || event.defaultPrevented) return;
      event.preventDefault();
      asked();
    });
    this.box = h('span', { class: 'query-box' }, this.input, this.clear);
    this.element = h('div', { class: `query-field ${name}` }, this.box, this.complaint);
    this.changed();
  }

  /** One more control at the end of the line. */
  beside(element: HTMLElement): void {
    this.box.append(element);
    this.box.classList.add('with-more');
  }

  /** Null for a field that was left empty. */
  get value(): string | null {
    return this.input.value.trim() === '' ? null : this.input.value;
  }

  set(value: string): void {
    this.input.value = value;
    this.changed();
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  complain(complaint: string | null, takeFocus = true): void {
    this.complaint.hidden = complaint === null;
    if (this.complaint.textContent !== (complaint ?? '')) this.complaint.textContent = complaint ?? '';
    setAttributes(this.input, { 'aria-invalid': complaint !== null && 'true' });
    if (complaint !== null && takeFocus) this.input.focus();
  }

  changed(): void {
    this.clear.hidden = this.input.value === '';
  }
}
