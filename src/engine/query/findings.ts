import type { EngineError } from '../bytes/engineError';
import type { Problem } from '../description';
import { finding, problemOf } from '../inspect/problems';

/** Findings of one kind at one place are told this often; the rest is counted. */
const MAX_EXAMPLES = 3;

/** Collects what a verification finds, so that a file with a million broken entries gives a short report. */
export class Findings {
  private readonly kinds = new Map<string, { examples: Problem[]; more: number }>();

  note(severity: Problem['severity'], code: string, message: string, where: string, file: string | null = null): void {
    this.add(finding(severity, code, message, { where, file }));
  }

  error(severity: Problem['severity'], error: EngineError, where: string): void {
    this.add(problemOf(error, severity, where));
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

  private add(problem: Problem): void {
    const kind = `${problem.severity} ${problem.code} ${problem.where}`;
    const known = this.kinds.get(kind);
    if (known === undefined) this.kinds.set(kind, { examples: [problem], more: 0 });
    else if (known.examples.length < MAX_EXAMPLES) known.examples.push(problem);
    else known.more++;
  }
}
