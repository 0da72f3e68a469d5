import type { KeyedStateHandle, KeyGroupsHandle, OperatorStateHandle } from '../metadata/model';
import { CANONICAL_ABSENT } from './canonicalMarks';
import { ChangelogPart, type ChangelogState } from './changelog/changelogPart';
import { dataStart } from './keyGroupRanges';
import { NativePart } from './nativePart';
import { openOperatorPart } from './operatorPart';
import type { StatePart } from './part';
import type { PartContext } from './partContext';
import { RawTimersPart } from './rawTimers';
import { openKeyGroups } from './sniffLayout';

/** Managed operator state; null where the handle holds none (an empty segment of merged checkpoint files). */
export async function openOperatorState(
  handle: OperatorStateHandle,
  context: PartContext,
  signal?: AbortSignal,
): Promise<StatePart | null> {
  if (handle.stream === null || handle.stream.type === 'emptySegment' || handle.segment?.isEmpty === true) return null;
  return openOperatorPart(handle, await context.open(handle.stream), context.headers, signal);
}

/** Managed keyed state of any kind; null where the handle holds none. */
export async function openKeyedState(
  handle: KeyedStateHandle,
  context: PartContext,
  signal?: AbortSignal,
): Promise<StatePart | null> {
  switch (handle.type) {
    case 'keyGroups':
    case 'savepointKeyGroups':
    case 'keyGroupsV2': {
      if (handle.stream === null || handle.stream.type === 'emptySegment') return null;
      const source = await context.open(handle.stream);
      const end = dataStart(handle.offsets, CANONICAL_ABSENT, source.size);
      const { value: header } = await context.headers.readKeyed(source, end, signal);
      return openKeyGroups(handle, source, header, context, signal);
    }
    case 'incremental':
    case 'incrementalV2': {
      if (handle.meta === null) return null;
      const source = await context.open(handle.meta);
      const { value: header } = await context.headers.readKeyed(source, source.size, signal);
      return new NativePart(handle, source.name, header, context.maxParallelism, (stream) => context.open(stream));
    }
    case 'changelog':
    case 'changelogV2':
      return openChangelog(handle, context, signal);
    case 'changelogBytes':
    case 'changelogFiles':
    case 'changelogFilesV2':
      return openChangelog({ ...handle, materialized: [], nonMaterialized: [handle] }, context, signal);
  }
}

function openChangelog(handle: ChangelogState, context: PartContext, signal?: AbortSignal): Promise<StatePart> {
  return ChangelogPart.open(handle, context, (inner) => openKeyedState(inner, context, signal), signal);
}

/** Timers in raw keyed state; null where it holds something else. */
export async function openRawKeyedState(
  handle: KeyedStateHandle,
  context: PartContext,
  signal?: AbortSignal,
): Promise<StatePart | null> {
  if (!isKeyGroups(handle) || handle.stream === null) return null;
  return RawTimersPart.open(handle, await context.open(handle.stream), context.headers.options, signal);
}

function isKeyGroups(handle: KeyedStateHandle): handle is KeyGroupsHandle {
  return handle.type === 'keyGroups' || handle.type === 'savepointKeyGroups' || handle.type === 'keyGroupsV2';
}
