import type { SnapshotDescription } from '../../src/engine/description';
import type { PageAction } from '../../src/protocol';
import { fileStatus, kindTitle } from '../../src/view/facts';
import { fill } from '../../src/view/format';
import type { PageContext } from '../context';
import { h } from '../dom';
import { icon } from '../ui/icons';
import { button } from '../ui/toolkit';
import { copyButton } from './copyButton';

/** Name, place and the facts in one line: what a person wants to know before anything else. */
export function header(context: PageContext, snapshot: SnapshotDescription, name: string, folder: string): HTMLElement {
  const { strings } = context;
  const action = (label: string, what: PageAction): HTMLElement =>
    button(label, 'secondary', () => void context.host.request('act', { action: what }));
  return h(
    'header',
    { class: 'header' },
    h(
      'div',
      { class: 'title-line' },
      h(
        'div',
        { class: 'title' },
        h('h1', { title: name }, name),
        h(
          'div',
          { class: 'folder' },
          h('span', { class: 'path', title: snapshot.metadataPath }, folder),
          copyButton(context, strings.path, snapshot.metadataPath),
        ),
      ),
      h(
        'div',
        { class: 'title-buttons' },
        action(strings.compare, 'compare'),
        action(strings.modify, 'modify'),
        action(strings.rescale, 'rescale'),
        action(strings.bootstrap, 'bootstrap'),
        action(strings.showInFolder, 'revealFolder'),
      ),
    ),
    facts(context, snapshot),
  );
}

function facts(context: PageContext, snapshot: SnapshotDescription): HTMLElement {
  const { strings, count } = context;
  const version = fill(strings.metadataVersion, snapshot.metadataVersion);
  return h(
    'ul',
    { class: 'facts' },
    h('li', { class: 'strong' }, kindTitle(snapshot, strings)),
    h('li', {}, `${version} (${snapshot.writtenBy})`),
    h('li', {}, fill(strings.checkpointId, count(snapshot.checkpointId))),
    h('li', { title: context.exactBytes(snapshot.bytes) }, sizeFact(context, snapshot)),
    fileFact(context, snapshot),
  );
}

function sizeFact({ strings, bytes, count }: PageContext, snapshot: SnapshotDescription): string {
  const files = snapshot.files.length;
  const size = bytes(snapshot.bytes);
  if (files === 0) return fill(strings.allInline, size);
  return files === 1 ? fill(strings.inOneFile, size) : fill(strings.inFiles, size, count(files));
}

function fileFact({ strings, count }: PageContext, snapshot: SnapshotDescription): HTMLElement | null {
  if (snapshot.files.length === 0) return null;
  const missing = snapshot.files.filter((f) => fileStatus(f) === 'missing').length;
  if (missing === 0) return h('li', { class: 'ok' }, icon('check'), strings.allFilesFound);
  const text = missing === 1 ? strings.oneFileMissing : fill(strings.filesMissing, count(missing));
  return h('li', { class: 'error' }, icon('error'), text);
}
