import type { Problem } from '../engine/description';
import type { Json } from '../engine/json/jsonValue';

/** A problem as it stands in JSON output. */
export function problemJson(problem: Problem): Json {
  return new Map<string, Json>(
    Object.entries({
      severity: problem.severity,
      code: problem.code,
      message: problem.message,
      file: problem.file,
      offset: problem.offset === null ? null : BigInt(problem.offset),
      where: problem.where,
      hint: problem.hint,
    }),
  );
}

/** A problem in lines for people. */
export function problemLines(problem: Problem): string[] {
  const place = [problem.where, problem.file, problem.offset === null ? null : `offset ${problem.offset}`];
  const where = place.filter((p) => p !== null).join(', ');
  const lines = [`  ${problem.severity}[${problem.code}]: ${problem.message}${where === '' ? '' : ` (${where})`}`];
  if (problem.hint !== null) lines.push(`    hint: ${problem.hint}`);
  return lines;
}
