import type { SnapshotDescription } from '../engine/description';
import type { HealthFinding } from '../engine/health/finding';
import { kindTitle } from '../view/facts';
import { formatBytes, formatCount, type SizeUnits, shortId } from '../view/format';
import { givenText, isNameable } from '../view/givenNames';
import { healthText } from '../view/healthText';
import { operatorTitle, snapshotName } from '../view/naming';
import { spellState } from '../view/spellState';
import { buildStrings, type Strings } from '../view/strings';
import type { Translate } from '../view/translate';
import { visible } from '../view/visibleText';
import type { FoundFile } from './grouping';
import type { Node, OperatorNode, SnapshotNode, StateNode } from './nodes';

/** A node in words, apart from VS Code's classes. */
export interface NodeText {
  label: string;
  description: string;
  /** Lines of the tooltip; the first is its title. Plain text: whoever shows it as Markdown escapes it. */
  tooltip: string[];
  /** Codicon. */
  icon: string;
  /** Id of a theme colour for the icon. */
  color?: string;
  /** What menus ask for. */
  context: string;
}

export interface TextOptions {
  t: Translate;
  units: SizeUnits;
  locale: string;
  /** A path as a person of this workspace knows it. */
  relative: (path: string) => string;
}

export function nodeText(node: Node, options: TextOptions): NodeText {
  const text = textOf(node, options);
  const { label, description, tooltip } = text;
  return { ...text, label: visible(label), description: visible(description), tooltip: tooltip.map(visible) };
}

function textOf(node: Node, options: TextOptions): NodeText {
  const { t, locale, relative } = options;
  switch (node.kind) {
    case 'group': {
      const outside = node.group === 'outside';
      return {
        label: outside ? t('Open, outside the workspace') : t('Not Flink snapshots'),
        description: formatCount(node.children.length, locale),
        tooltip: [
          outside
            ? t('Snapshots that are open in an editor and lie outside the workspace.')
            : t('Files named “_metadata” that other programs wrote.'),
        ],
        icon: outside ? 'link-external' : 'info',
        context: 'group',
      };
    }
    case 'job': {
      const { jobId, folder, checkpoints } = node.job;
      const count = checkpoints.length;
      return {
        label: t('Job {0}', shortId(jobId)),
        description: count === 1 ? t('1 checkpoint') : t('{0} checkpoints', formatCount(count, locale)),
        tooltip: [t('Checkpoints of job {0}', jobId), relative(folder)],
        icon: 'history',
        context: 'job',
      };
    }
    case 'other':
      return {
        label: relative(node.uri.fsPath),
        description: otherText(node.found, t),
        tooltip: [relative(node.uri.fsPath), otherText(node.found, t)],
        icon: 'file',
        context: 'other',
      };
    case 'snapshot':
      return snapshotText(node, options);
    case 'operator':
      return operatorText(node, options);
    case 'state':
      return stateText(node, options);
    case 'failure':
      return {
        label: node.problem.message,
        description: '',
        tooltip: [
          node.problem.message,
          ...(node.problem.file === null ? [] : [node.problem.file]),
          ...(node.problem.hint === null ? [] : [node.problem.hint]),
        ],
        icon: 'error',
        color: COLORS.error,
        context: 'failure',
      };
    default:
      return node satisfies never;
  }
}

function otherText(found: FoundFile, t: Translate): string {
  if (found.is.is !== 'other') return '';
  switch (found.is.what) {
    case 'parquet':
      return t('Parquet file');
    case 'empty':
      return t('empty file');
    case 'unknown':
      return t('unknown format');
    default:
      return found.is.what satisfies never;
  }
}

function snapshotText(node: SnapshotNode, options: TextOptions): NodeText {
  const { t, units, locale, relative } = options;
  const strings = buildStrings(t);
  const name = snapshotName(node.uri.fsPath);
  const checkpoint = node.parent?.kind === 'job';
  const modified = node.found === null ? null : new Date(node.found.modified);
  const when = modified?.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const tooltip = [name, relative(node.uri.fsPath)];
  const wrong = failureOf(node, t);
  if (wrong !== null) {
    return {
      label: name,
      description: wrong,
      tooltip: [...tooltip, wrong],
      icon: 'error',
      color: COLORS.error,
      context: 'snapshot',
    };
  }
  const snapshot = node.described?.snapshot;
  const health = node.described?.health ?? [];
  if (snapshot !== undefined)
    tooltip.push(...facts(snapshot, strings, options), ...healthTexts(faults(health), strings, options));
  const isSound = worstOf(health) !== 'error';
  if (when !== undefined) tooltip.push(t('Written {0}', when));
  const size = snapshot === undefined ? null : formatBytes(snapshot.bytes, units, locale);
  return {
    label: name,
    description: [size, when ?? null].filter((part) => part !== null).join(' · '),
    tooltip,
    // An error in front of a snapshot means that it cannot be read.
    icon: isSound ? (checkpoint ? 'git-commit' : 'archive') : 'warning',
    ...(isSound ? {} : { color: COLORS.warning }),
    context: 'snapshot',
  };
}

function failureOf(node: SnapshotNode, t: Translate): string | null {
  if (node.failure !== null) return node.failure.message;
  const is = node.found?.is;
  if (is === undefined || is.is === 'snapshot') return null;
  return is.is === 'unreadable' ? is.message : t('empty file');
}

function facts(snapshot: SnapshotDescription, strings: Strings, { t, units, locale }: TextOptions): string[] {
  const files = snapshot.files.length;
  return [
    `${kindTitle(snapshot, strings)} · ${t('checkpoint {0}', formatCount(snapshot.checkpointId, locale))}`,
    `${t('metadata version {0}', snapshot.metadataVersion)} (${snapshot.writtenBy})`,
    `${formatBytes(snapshot.bytes, units, locale)} · ${files === 1 ? t('1 file') : t('{0} files', formatCount(files, locale))} · ${
      snapshot.operators.length === 1
        ? t('1 operator')
        : t('{0} operators', formatCount(snapshot.operators.length, locale))
    }`,
  ];
}

function operatorText({ operator, health }: OperatorNode, options: TextOptions): NodeText {
  const { t, units, locale } = options;
  const strings = buildStrings(t);
  const title = operatorTitle(operator);
  const tooltip = [title];
  const given = givenText(operator, strings);
  if (given !== null) tooltip.push(given);
  else if (operator.uid !== null) tooltip.push(t('uid {0}', operator.uid));
  tooltip.push(
    t('operator ID {0}', operator.id),
    t(
      'parallelism {0} of {1}',
      formatCount(operator.parallelism, locale),
      formatCount(operator.maxParallelism, locale),
    ),
    ...healthTexts(health, strings, options),
  );
  const worst = worstOf(health);
  return {
    label: title,
    description: `${formatBytes(operator.bytes, units, locale)}${operator.uid !== null && operator.uid !== title ? ` · ${operator.uid}` : ''}`,
    tooltip,
    icon: worst ?? 'symbol-class',
    ...(worst === null ? {} : { color: COLORS[worst] }),
    context: `operator${isNameable(operator) ? '.nameable' : ''}${operator.uid === null ? '' : '.uid'}`,
  };
}

const COLORS = { error: 'list.errorForeground', warning: 'list.warningForeground' } as const;

/** What is worth a sign in the tree. */
function worstOf(health: readonly HealthFinding[]): 'error' | 'warning' | null {
  const severities = new Set(health.map(({ severity }) => severity));
  return severities.has('error') ? 'error' : severities.has('warning') ? 'warning' : null;
}

/** Findings of a snapshot in its tooltip: those that somebody should know of before a restore. */
function faults(health: readonly HealthFinding[]): HealthFinding[] {
  return health.filter(
    ({ severity, operators }) => severity === 'error' || (severity === 'warning' && operators.length === 0),
  );
}

function healthTexts(
  health: readonly HealthFinding[],
  { healthFindings }: Strings,
  { units: sizeUnits, locale }: TextOptions,
): string[] {
  return health.map((finding) => healthText(finding, healthFindings, { sizeUnits, locale }).text);
}

const STATE_ICONS: Record<StateNode['state']['kind'], string> = {
  value: 'symbol-variable',
  list: 'symbol-array',
  map: 'symbol-key',
  reducing: 'symbol-operator',
  aggregating: 'symbol-operator',
  folding: 'symbol-operator',
  timer: 'watch',
  'operator-list': 'symbol-array',
  'operator-union': 'symbol-array',
  broadcast: 'broadcast',
  unknown: 'question',
};

function stateText({ state, operator }: StateNode, { t, units, locale }: TextOptions): NodeText {
  const strings = buildStrings(t);
  const spelled = spellState(state);
  const tooltip = [state.name, `${strings.stateKinds[state.kind]} · ${strings.backends[state.backend]}`, spelled];
  if (!state.readable) tooltip.push(state.why ?? strings.notReadable);
  const size = state.bytes === null ? null : formatBytes(state.bytes, units, locale);
  return {
    label: state.name,
    description: [size, spelled].filter((part) => part !== null).join(' · '),
    tooltip,
    icon: STATE_ICONS[state.kind],
    context: operator.uid === null ? 'state' : 'state.uid',
  };
}
