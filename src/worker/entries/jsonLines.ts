/** JSON text on one line laid out in lines, its numbers and strings as they stand; no more than about `limit` characters. */
export function jsonLines(json: string, limit: number): { text: string; cut: boolean } {
  let text = '';
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(depth)}`;
  let at = 0;
  while (at < json.length) {
    if (text.length > limit) return { text, cut: true };
    const mark = json[at];
    if (mark === '"') {
      const end = stringEnd(json, at);
      text += json.slice(at, Math.min(end, at + limit));
      if (end - at > limit) return { text, cut: true };
      at = end;
      continue;
    }
    const next = json[at + 1];
    if ((mark === '{' && next === '}') || (mark === '[' && next === ']')) {
      text += mark + next;
      at += 2;
      continue;
    }
    if (mark === '{' || mark === '[') {
      depth++;
      text += mark + line();
    } else if (mark === '}' || mark === ']') {
      depth--;
      text += line() + mark;
    } else if (mark === ',') text += mark + line();
    else text += mark === ':' ? ': ' : mark;
    at++;
  }
  return { text, cut: false };
}

/** Index behind the string that begins at `from`. */
function stringEnd(json: string, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
