import type { Json } from '../../src/engine/json/jsonValue';
import type { Backend, Release, RestoreTask } from './flink';
import type { Line } from './lines';

/** One proof: a snapshot that the command line writes, and what a real job finds in it. */
export interface Case {
  title: string;
  /** The fixture that it starts from; its name without the release. */
  from: string;
  /** The release that wrote the fixture, where it is not the one that restores. */
  writtenBy?: Release;
  /** The one release that restores it; absent: all that have the fixture. */
  only?: Release;
  /** Fields of the plan beside `from` and `steps`. */
  plan?: object;
  /** Files beside the plan, by name: data, schemas. */
  files?: (lines: readonly Line[]) => Record<string, string>;
  /** Steps of a plan; where there are none, the snapshot is copied. */
  steps?: readonly unknown[] | ((lines: readonly Line[], release: Release) => readonly unknown[]);
  /** What the steps mean, done to the lines of the fixture. */
  model?: (lines: readonly Line[]) => Line[];
  /** Whether it does not matter which subtask has what; so it is where there are steps. */
  isDealtAnew?: boolean;
  /** The backends that go on from it. */
  backends: readonly Backend[];
  task?: Partial<Omit<RestoreTask, 'id' | 'snapshot' | 'backend'>>;
  /** What is left of states with a time to live at `task.aliveAt`. */
  alive?: (lines: readonly Line[]) => Line[];
  /** What happens when a year goes by. */
  fired?: (expected: readonly Line[], lines: readonly Line[]) => Json[];
  /** The parallelism that operators (by id) have from now on, where it is not that of the snapshot. */
  dealtTo?: Readonly<Record<string, number>>;
  /** Whether each subtask has union state of its own when it is asked. */
  unionIsOwn?: boolean;
}
