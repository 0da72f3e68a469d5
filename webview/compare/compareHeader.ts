import type { ComparedName, ComparedNames } from '../../src/protocol';
import { kindTitle } from '../../src/view/facts';
import { fill } from '../../src/view/format';
import type { ComparedSide, ComparisonFound, ComparisonOutline } from '../../src/view/shownComparison';
import type { PageWords } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button, iconButton } from '../ui/toolkit';

export interface HeaderActions {
  open(side: 'before' | 'after'): void;
  swap(): void;
  stop(): void;
  goOn(): void;
  again(): void;
}

export type Progress = 'running' | 'stopped' | 'done';

/** Both sides with what they are, and how far the comparison is. The line of progress is kept, and only its texts change. */
export class CompareHeader {
  readonly element = h('header', { class: 'header compare-header' });
  private readonly facts = { before: h('ul', { class: 'facts' }), after: h('ul', { class: 'facts' }) };
  private readonly bar = h('div', { class: 'compare-bar-part' });
  private readonly meter = h('div', {
    class: 'compare-bar',
    role: 'progressbar',
    'aria-valuemin': 0,
    'aria-valuemax': 100,
  });
  private readonly text = h('span', { class: 'compare-progress-text' });
  private readonly buttons = h('span', { class: 'compare-progress-buttons' });
  private readonly banner = h('div', { class: 'compare-banner', hidden: true, role: 'status' });
  private shown: Progress | null = null;

  constructor(
    private readonly words: PageWords,
    names: ComparedNames,
    private readonly actions: HeaderActions,
  ) {
    const { comparison } = words.strings;
    this.meter.setAttribute('aria-label', comparison.comparing);
    this.meter.append(this.bar);
    this.banner.append(
      icon('warning'),
      h('span', { class: 'grow' }, comparison.changedOnDisk),
      button(comparison.again, 'secondary', () => actions.again()),
    );
    this.element.append(
      h('h1', { class: 'spoken', tabindex: -1 }, comparison.title),
      h(
        'div',
        { class: 'compare-sides' },
        this.side('before', names.before),
        iconButton(comparison.swap, icon('swap'), () => actions.swap()),
        this.side('after', names.after),
      ),
      h('div', { class: 'compare-progress' }, this.meter, this.text, this.buttons),
      this.banner,
    );
  }

  showOutline(outline: ComparisonOutline): void {
    this.facts.before.replaceChildren(...this.factsOf(outline.before));
    this.facts.after.replaceChildren(...this.factsOf(outline.after));
  }

  showProgress(found: ComparisonFound | null, progress: Progress): void {
    const { strings, count, bytes } = this.words;
    const { comparison } = strings;
    if (found === null) this.text.textContent = comparison.opening;
    else {
      const share = found.totalBytes === 0 ? 1 : found.bytes / found.totalBytes;
      const percent = progress === 'done' ? 100 : Math.min(99, Math.floor(share * 100));
      this.bar.style.width = `${percent}%`;
      this.meter.setAttribute('aria-valuenow', String(percent));
      const parts = [
        progress === 'stopped' && fill(comparison.stoppedAt, this.words.share(found.bytes, found.totalBytes)),
        progress === 'running' && fill(comparison.bytesOf, bytes(found.bytes), bytes(found.totalBytes)),
        together(found.entries === 1 ? comparison.oneEntry : fill(comparison.entries, count(found.entries))),
        together(
          fill(
            comparison.seconds,
            (found.millis / 1000).toLocaleString(this.words.settings.locale, { maximumFractionDigits: 1 }),
          ),
        ),
      ];
      this.text.textContent = parts.filter((part) => part !== false).join(' · ');
    }
    this.meter.classList.toggle('done', progress === 'done');
    if (this.shown !== progress) this.showButtons(progress);
  }

  /** One of the snapshots changed on disk. */
  showChanged(isChanged: boolean): void {
    this.banner.hidden = !isChanged;
  }

  /** The buttons are others: one that had the focus hands it to the next. */
  private showButtons(progress: Progress): void {
    const { strings } = this.words;
    const hadFocus = this.buttons.contains(document.activeElement);
    this.shown = progress;
    const all =
      progress === 'running'
        ? [button(strings.stop, 'secondary', () => this.actions.stop())]
        : progress === 'stopped'
          ? [button(strings.goOn, 'secondary', () => this.actions.goOn())]
          : [button(strings.comparison.again, 'secondary', () => this.actions.again())];
    this.buttons.replaceChildren(...all);
    if (hadFocus) all[0]?.focus();
  }

  private side(side: 'before' | 'after', { name, folder, file }: ComparedName): HTMLElement {
    const { comparison } = this.words.strings;
    const label = side === 'before' ? comparison.before : comparison.after;
    const link = h('button', { type: 'button', class: 'link compare-name', title: file }, name);
    link.setAttribute('aria-label', fill(comparison.openSide, name));
    link.addEventListener('click', () => this.actions.open(side));
    return h(
      'section',
      { class: `compare-side ${side}`, 'aria-label': label },
      h('h2', {}, label),
      link,
      h('div', { class: 'folder' }, h('span', { class: 'path', title: file }, folder)),
      this.facts[side],
    );
  }

  private factsOf(side: ComparedSide): HTMLElement[] {
    const { strings, count, bytes } = this.words;
    return [
      h('li', { class: 'strong' }, kindTitle(side, strings)),
      h('li', {}, fill(strings.metadataVersion, side.metadataVersion)),
      h('li', {}, fill(strings.checkpointId, count(side.checkpointId))),
      h('li', { title: this.words.exactBytes(side.bytes) }, bytes(side.bytes)),
    ];
  }
}

/** A number is not torn from what it counts. */
const together = (text: string): string => text.replaceAll(' ', '\u00a0');
