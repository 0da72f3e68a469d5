import { fill } from '../../src/view/format';
import type { FormField } from '../../src/view/shownRows';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { Popup } from '../ui/popup';
import { button, iconButton } from '../ui/toolkit';
import { emptyValue, type FormValue, formText } from './keyForm';

/** The key as a form: a control for each of its fields, by its type. What was filled in becomes the text of the key's line. */
export class KeyFormPopup {
  readonly button: HTMLElement;
  private readonly popup: Popup;
  private field: FormField | null = null;
  private value: FormValue = '';
  private ids = 0;

  constructor(
    private readonly context: PageContext,
    private readonly typed: (text: string) => void,
  ) {
    const { strings } = context;
    this.button = iconButton(strings.keyForm, icon('form'), () => this.popup.toggle());
    this.button.hidden = true;
    this.popup = new Popup(this.button, strings.keyForm, { fill: () => this.fill() }, 'key-form');
  }

  /** A key that is one text needs no form: its line is one. */
  setField(field: FormField | null): void {
    this.field = field;
    this.button.hidden = field === null || field.input === 'text' || field.input === 'json';
    if (field !== null) this.value = emptyValue(field);
  }

  close(): void {
    this.popup.close(false);
  }

  private fill(): { content: Node[]; focus: HTMLElement | null } {
    const { strings } = this.context;
    const { field } = this;
    if (field === null) return { content: [], focus: null };
    const form = h(
      'form',
      {},
      this.control(field, this.value, (value) => {
        this.value = value;
      }),
    );
    form.addEventListener('submit', (event) => event.preventDefault());
    const done = (): void => {
      this.popup.close(false);
      this.typed(formText(field, this.value));
    };
    form.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      done();
    });
    form.append(h('div', { class: 'buttons' }, button(strings.lookUp, 'primary', done)));
    return { content: [form], focus: form.querySelector<HTMLElement>('input, select') };
  }

  private control(field: FormField, value: FormValue, set: (value: FormValue) => void): HTMLElement {
    const { strings } = this.context;
    if (field.input === 'fields' && Array.isArray(value)) {
      const values = [...value];
      const controls = field.fields.map((inner, i) =>
        this.control(inner, values[i] ?? emptyValue(inner), (one) => {
          values[i] = one;
          set(values);
        }),
      );
      if (field.name === null) return h('div', {}, ...controls);
      return h('fieldset', {}, h('legend', {}, field.name), ...controls);
    }
    const id = `key-field-${this.ids++}`;
    const name = field.name ?? strings.key;
    const label = h('label', { for: id }, name, h('span', { class: 'quiet mono type' }, ` ${field.type}`));
    if (field.input === 'choice' || field.input === 'boolean') {
      const choices = field.input === 'boolean' ? ['false', 'true'] : field.choices;
      const select = h(
        'select',
        { id, class: 'query-input mono' },
        ...choices.map((choice) => h('option', { value: choice }, choice)),
      );
      select.value = String(value);
      const isBoolean = field.input === 'boolean';
      select.addEventListener('change', () => set(isBoolean ? select.value === 'true' : select.value));
      return h('div', { class: 'form-line' }, label, select);
    }
    const input = h('input', {
      id,
      type: 'text',
      class: 'query-input mono',
      placeholder: field.example === '' ? '' : fill(strings.forExample, field.example),
      inputmode: field.input === 'integer' ? 'numeric' : undefined,
      spellcheck: 'false',
      autocomplete: 'off',
    });
    input.value = typeof value === 'string' ? value : '';
    input.addEventListener('input', () => set(input.value));
    return h('div', { class: 'form-line' }, label, input);
  }
}
