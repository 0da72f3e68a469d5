import { EngineError } from '../../bytes/engineError';

/** A fault in the text of a type: `BAD_ARGUMENT` with line and column, and the stretch of text for who marks it. */
export class TypeTextError extends EngineError {
  constructor(
    message: string,
    text: string,
    /** Index of the first UTF-16 unit of the text that is at fault; the end of the text where something is missing there. */
    readonly from: number,
    /** Index of the unit after it. */
    readonly to: number,
    hint?: string,
  ) {
    const { line, column } = placeOf(text, from);
    super('BAD_ARGUMENT', message, { where: `line ${line}, column ${column}`, hint });
    this.name = 'TypeTextError';
  }
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const lines = text.slice(0, at).split(/\r\n|\n|\r/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}
