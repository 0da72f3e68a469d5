import type { EngineError } from '../bytes/engineError';
import type { Problem } from '../description';
import { finding, problemOf } from '../inspect/problems';

/** Findings of one kind at one place are told this often; the rest is counted. */
const MAX_EXAMPLES = 3;

/** What was found of one kind at one place. */
export interface Finding {
  readonly examples: readonly Problem[];
  /** How many more there were. */
  readonly more: number;
}

/** Collects what a verification finds, so that a file with a million broken entries gives a short report. */
export class Findings {
  private readonly kinds = new Map<string, { examples: Problem[]; more: number }>();
  private readonly told = new Set<string>();

  note(severity: Problem['severity'], code: string, message: string, where: string, file: string | null = null): void {
    this.add(finding(severity, code, message, { where, file }));
  }

  error(severity: Problem['severity'], error: EngineError, where: string): void {
    this.add(problemOf(error, severity, where));
  }

  /** Adds a problem, but once where several readers found it. */
  tell(problem: Problem): void {
    const text = JSON.stringify(problem);
    if (this.told.has(text)) return;
    this.told.add(text);
    this.add(problem);
  }

  problems(): Problem[] {
    return [...this.kinds.values()].flatMap(({ examples, more }) => {
      if (more === 0) return examples;
      const [first] = examples;
      return [
        ...examples,
        { ...first, message: `${more} more of the same kind.`, file: null, offset: null, hint: null },
      ];
    });
  }

  all(): Finding[] {
    return [...this.kinds.values()];
  }

  /** Adds what was found elsewhere. */
  merge(findings: readonly Finding[]): void {
    for (const { examples, more } of findings) {
      for (const problem of examples) this.add(problem);
      if (more > 0) this.kindOf(examples[0]).more += more;
    }
  }

  private add(problem: Problem): void {
    const kind = this.kindOf(problem);
    if (kind.examples.length < MAX_EXAMPLES) kind.examples.push(problem);
    else kind.more++;
  }

  private kindOf(problem: Problem): { examples: Problem[]; more: number } {
    const name = `${problem.severity} ${problem.code} ${problem.where}`;
    let kind = this.kinds.get(name);
    if (kind === undefined) {
      kind = { examples: [], more: 0 };
      this.kinds.set(name, kind);
    }
    return kind;
  }
}
