import type { FileDescription, SnapshotDescription } from '../../src/engine/description';
import type { RowContext } from '../../src/protocol';
import { type FileStatus, fileStatus, sortFiles } from '../../src/view/facts';
import { fill } from '../../src/view/format';
import { lastPart } from '../../src/view/naming';
import type { PageContext } from '../context';
import { h } from '../dom';
import { type IconName, icon } from '../ui/icons';
import { ROW_HEIGHT } from './treeGrid';
import { WindowedRows } from './windowedRows';

const ICONS: Record<FileStatus, IconName> = { found: 'check', missing: 'error', moved: 'info', changed: 'warning' };

/** The files that the metadata names, those that need attention first. Only lines in sight are drawn. */
export class FileTable {
  readonly element: HTMLElement;
  private readonly rows: WindowedRows;
  private readonly files: FileDescription[];

  constructor(
    private readonly context: PageContext,
    scroller: HTMLElement,
    private readonly snapshot: SnapshotDescription,
  ) {
    const { strings, count, bytes } = context;
    this.files = sortFiles(snapshot.files);
    const body = h('div', { role: 'rowgroup', class: 'rows' });
    const head = (column: string, label: string): HTMLElement =>
      h('div', { role: 'columnheader', class: `cell ${column}` }, label);
    const metadata = fill('{0} · {1}', bytes(snapshot.metadataBytes), strings.metadataFile);
    this.element = h(
      'section',
      { class: 'files' },
      h(
        'div',
        { class: 'section-head' },
        h('h2', {}, `${strings.files} `, h('span', { class: 'count' }, count(this.files.length))),
      ),
      h(
        'p',
        { class: 'quiet metadata', title: snapshot.metadataPath },
        h('span', { class: 'mono' }, lastPart(snapshot.metadataPath)),
        ` ${metadata}`,
      ),
      this.files.length > 0 &&
        h(
          'div',
          { role: 'table', 'aria-label': strings.files, 'aria-rowcount': this.files.length + 1 },
          h(
            'div',
            { role: 'rowgroup', class: 'heads' },
            h(
              'div',
              { role: 'row', class: 'row head', 'aria-rowindex': 1 },
              head('status', strings.columnStatus),
              head('path', strings.columnFile),
              head('bytes', strings.columnBytes),
            ),
          ),
          body,
        ),
    );
    this.rows = new WindowedRows(scroller, body, ROW_HEIGHT);
  }

  /** Draws for the first time; the element must be in the page. */
  start(): void {
    this.rows.show(
      {
        count: this.files.length,
        key: (index) => String(index),
        render: (index) => this.row(index),
      },
      -1,
    );
  }

  stop(): void {
    this.rows.stop();
  }

  private row(index: number): HTMLElement {
    const { strings, bytes, host } = this.context;
    const file = this.files[index];
    if (file === undefined) return h('div');
    const status = fileStatus(file);
    const words: Record<FileStatus, string> = {
      found: strings.fileFound,
      missing: strings.fileMissing,
      moved: strings.fileMoved,
      changed: strings.fileChanged,
    };
    const size =
      status === 'changed'
        ? fill(strings.fileChangedBytes, bytes(file.actualBytes ?? 0), bytes(file.bytes))
        : bytes(file.bytes);
    const path = file.location ?? file.path;
    const menu: RowContext = {
      webviewSection: 'file',
      name: lastPart(path),
      path,
      preventDefaultContextMenuItems: true,
    };
    const shown = pathParts(shorten(path, this.snapshot.path));
    const name = h('button', { type: 'button', class: 'link mono file-path', title: path }, ...shown);
    name.addEventListener('click', () => void host.request('revealFile', { path }));
    return h(
      'div',
      { role: 'row', class: 'row file', 'aria-rowindex': index + 2, 'data-vscode-context': JSON.stringify(menu) },
      h('div', { role: 'cell', class: `cell status ${status}` }, icon(ICONS[status]), h('span', {}, words[status])),
      h(
        'div',
        { role: 'cell', class: 'cell path' },
        file.found ? name : h('span', { class: 'mono file-path', title: path }, ...shown),
      ),
      h(
        'div',
        { role: 'cell', class: 'cell bytes' },
        h('span', { class: 'amount', title: this.context.exactBytes(file.bytes) }, size),
      ),
    );
  }
}

function pathParts(path: string): HTMLElement[] {
  const name = lastPart(path);
  return [
    h('span', { class: 'folder-part' }, path.slice(0, path.length - name.length)),
    h('span', { class: 'name-part' }, name),
  ];
}

/** A path inside the snapshot's folder without that folder. */
function shorten(path: string, folder: string): string {
  return path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`) ? path.slice(folder.length + 1) : path;
}
