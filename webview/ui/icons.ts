import { svg } from '../dom';

/** Outlines on a grid of 16, drawn for this page. They take the colour of the text around them. */
const PATHS = {
  chevron: 'M6 3.5 10.5 8 6 12.5',
  copy: 'M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2',
  check: 'M3 8.5 6.5 12 13 4.5',
  warning: 'M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.6v.4',
  error: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4',
  info: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM8 7.3v4M8 4.7v.5',
  close: 'M4 4l8 8M12 4l-8 8',
  expandAll: 'M4 2.5 8 6l4-3.5M4 13.5 8 10l4 3.5',
  collapseAll: 'M4 6 8 2.5 12 6M4 10l4 3.5 4-3.5',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.2 10.2 14 14',
  swap: 'M4.5 5.5h8.5M10.5 3 13 5.5 10.5 8M11.5 10.5H3M5.5 8 3 10.5 5.5 13',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  form: 'M2.5 3.5h11v9h-11zM5 6.5h6M5 9.5h4',
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName, className = ''): SVGElement {
  return svg(
    'svg',
    { viewBox: '0 0 16 16', class: `icon ${className}`.trim(), 'aria-hidden': 'true', focusable: 'false' },
    svg('path', { d: PATHS[name] }),
  );
}
