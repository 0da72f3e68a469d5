import type { StateDescription } from '../../src/engine/description';
import { isCancelled, toProblem } from '../../src/rpc/problem';
import type { StateTarget } from '../../src/view/shownEntries';
import type { PageContext } from '../context';
import { h } from '../dom';
import { button } from '../ui/toolkit';
import { FilterCompletion } from './filterInput';
import { KeyFormPopup } from './keyFormPopup';
import { QueryField } from './queryField';

/** Who is still typing is not told that it is wrong. */
const CHECK_AFTER_MS = 400;

export interface Question {
  key: string | null;
  namespace: string | null;
  mapKey: string | null;
  filter: string | null;
}

/** The questions to a state: one key, in one namespace, under one key of a map; and a filter. What is wrong with one is said below it. */
export class QueryBar {
  readonly element: HTMLElement;
  private readonly key: QueryField | null;
  private readonly namespace: QueryField | null;
  private readonly mapKey: QueryField | null;
  private readonly filter: QueryField;
  private readonly form: KeyFormPopup | null = null;
  private checking: AbortController | null = null;
  private isPrepared = false;
  private checkSoon: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly context: PageContext,
    private readonly target: StateTarget,
    state: StateDescription,
    question: Question,
    private readonly events: {
      ask(question: Question): void;
      /** Everything that the operator keeps under a key. */
      everywhere(key: string): void;
    },
    /** Beside the fields: progress and Stop. */
    beside: HTMLElement,
  ) {
    const { strings } = context;
    const asked = (): void => events.ask(this.question);
    // State without keys cannot be asked for one.
    const isKeyed = state.backend !== 'operator';
    this.key = isKeyed
      ? new QueryField('key', strings.keyInput, strings.clearKey, question.key, asked, state.keyType)
      : null;
    this.namespace =
      state.namespaceType === null
        ? null
        : new QueryField(
            'namespace',
            strings.namespaceInput,
            strings.clearNamespace,
            question.namespace,
            asked,
            state.namespaceType,
          );
    this.mapKey =
      isKeyed && state.kind === 'map'
        ? new QueryField('map-key', strings.mapKeyInput, strings.clearMapKey, question.mapKey, asked, null)
        : null;
    this.filter = new QueryField('where', strings.filterInput, strings.clearFilter, question.filter, asked, null);
    const lookup = h('div', { class: 'query-group', role: 'group', 'aria-label': strings.lookUp });
    if (this.key !== null) {
      const form = new KeyFormPopup(context, (text) => {
        this.key?.set(text);
        asked();
      });
      this.form = form;
      this.key.beside(form.button);
      lookup.append(this.key.element);
    }
    if (this.namespace !== null) lookup.append(this.namespace.element);
    if (this.mapKey !== null) lookup.append(this.mapKey.element);
    if (this.key !== null) {
      const everywhere = button(strings.lookUpAll, 'secondary', () => {
        const key = this.key?.value ?? null;
        if (key === null) this.key?.focus();
        else this.events.everywhere(key);
      });
      everywhere.title = strings.lookUpAllHint;
      lookup.append(button(strings.lookUp, 'secondary', asked), everywhere);
    }
    this.element = h(
      'div',
      { class: 'query', role: 'search' },
      lookup.childElementCount > 0 && lookup,
      h(
        'div',
        { class: 'query-group filter-group' },
        this.filter.element,
        button(strings.applyFilter, 'secondary', asked),
      ),
      beside,
    );
  }

  get question(): Question {
    return {
      key: this.key?.value ?? null,
      namespace: this.namespace?.value ?? null,
      mapKey: this.mapKey?.value ?? null,
      filter: this.filter.value,
    };
  }

  set question({ key, namespace, mapKey, filter }: Question) {
    this.key?.set(key ?? '');
    this.namespace?.set(namespace ?? '');
    this.mapKey?.set(mapKey ?? '');
    this.filter.set(filter ?? '');
  }

  stop(): void {
    this.checking?.abort();
    clearTimeout(this.checkSoon);
    this.form?.close();
  }

  /** What is wrong with the key (or what narrows it) or with the filter; null for nothing. */
  complain(about: { key?: string; filter?: string }): void {
    // Which of the three is wrong the message says; it stands below the first that is filled in.
    const lookup = [this.key, this.namespace, this.mapKey].filter((field) => field !== null);
    const blamed = about.key === undefined ? undefined : (lookup.find((field) => field.value !== null) ?? lookup[0]);
    for (const field of lookup) field.complain(field === blamed ? (about.key ?? null) : null);
    this.filter.complain(about.filter ?? null);
  }

  /** Asks for what helps to write questions. Once is enough. */
  prepare(): void {
    if (this.isPrepared) return;
    this.isPrepared = true;
    const { host, strings } = this.context;
    const completion = new FilterCompletion(this.filter.input, strings.filterNames, () => {
      this.filter.changed();
      this.checkLater();
    });
    this.filter.input.after(completion.list);
    this.filter.input.addEventListener('input', () => this.checkLater());
    const { target } = this;
    host.request('filterNames', { target }).then(
      (names) => completion.setNames(names),
      () => undefined,
    );
    if (this.form === null) return;
    host.request('keyForm', { target }).then(
      (field) => this.form?.setField(field),
      () => undefined,
    );
  }

  private checkLater(): void {
    clearTimeout(this.checkSoon);
    this.checking?.abort();
    if (this.filter.value === null) this.filter.complain(null);
    else this.checkSoon = setTimeout(() => void this.check(this.filter.value ?? ''), CHECK_AFTER_MS);
  }

  private async check(filter: string): Promise<void> {
    const checking = new AbortController();
    this.checking = checking;
    try {
      const problem = await this.context.host.request('checkFilter', { filter }, { signal: checking.signal });
      if (this.checking !== checking || this.filter.value !== filter) return;
      const text =
        problem === null ? null : problem.hint === null ? problem.message : `${problem.message}\n${problem.hint}`;
      this.filter.complain(text, false);
    } catch (e) {
      if (this.checking === checking && !isCancelled(e)) this.filter.complain(toProblem(e).message, false);
    }
  }
}
