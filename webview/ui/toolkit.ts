import { provideVSCodeDesignSystem, vsCodeButton, vsCodeProgressRing } from '@vscode/webview-ui-toolkit';
import { h } from '../dom';

/**
 * The only file that knows `@vscode/webview-ui-toolkit`. The toolkit is archived: it works and follows the theme, but it will
 * not be mended any more, and it will be replaced one day. So nothing outside this file names it, it is used for small
 * controls alone, and what leaves this file are ordinary elements. Tables and lists are plain HTML; so are badges, as the
 * toolkit's own set a style attribute, which the page's policy forbids.
 */
export function registerToolkit(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeProgressRing());
}

export function button(label: string, look: 'primary' | 'secondary', onClick: () => void): HTMLElement {
  const element = h('vscode-button' as 'button', { appearance: look, class: 'button' }, label);
  element.addEventListener('click', onClick);
  return element;
}

export function iconButton(label: string, picture: Element, onClick: () => void): HTMLElement {
  const element = h(
    'vscode-button' as 'button',
    { appearance: 'icon', 'aria-label': label, title: label, class: 'icon-button' },
    picture,
  );
  element.addEventListener('click', (event) => {
    event.stopPropagation();
    onClick();
  });
  return element;
}

export function progressRing(label: string): HTMLElement {
  return h('vscode-progress-ring' as 'span', { 'aria-label': label, class: 'ring' });
}
