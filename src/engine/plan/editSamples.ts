import { writeJson } from '../json/writeJson';

/** An entry before and after, as a dry run shows it. */
export interface EntrySample {
  state: string;
  key: string;
  before: string | null;
  after: string | null;
}

/** Samples that are kept of each state. */
const MAX_SAMPLES = 5;
/** Of a value so much text is shown. */
const MAX_SAMPLE_TEXT = 200;

/** How many entries a step has chosen. */
export interface StepCount {
  readonly place: string;
  chosen: number;
  /** Why its condition had no value, where that was so for an entry: the first time. */
  failure: string | null;
}

/** What a pass changes: counted, and the first of it kept as text. A later pass starts afresh. */
export class EditSamples {
  readonly samples: EntrySample[] = [];
  changed = 0;
  private readonly steps: StepCount[] = [];

  /** Of a step that chooses among the entries that are there. */
  step(place: string): StepCount {
    const count = { place, chosen: 0, failure: null };
    this.steps.push(count);
    return count;
  }

  /** Steps that chose nothing. */
  get idle(): StepCount[] {
    return this.steps.filter(({ chosen }) => chosen === 0);
  }

  clear(): void {
    this.samples.length = 0;
    this.changed = 0;
    for (const step of this.steps) step.chosen = 0;
  }

  /** The sample is asked for only where it is kept. */
  note(sample: () => EntrySample): void {
    this.changed++;
    if (this.samples.length < MAX_SAMPLES) this.samples.push(sample());
  }
}

export function shown(value: unknown): string {
  const text = writeJson(value);
  return text.length > MAX_SAMPLE_TEXT ? `${text.slice(0, MAX_SAMPLE_TEXT)}…` : text;
}
