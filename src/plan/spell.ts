/** Characters that a name in a snapshot may have to hurt or mislead who looks at it: controls, and marks of direction. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A text of others on one line, for a label. */
export function labelText(text: string, longest = 100): string {
  const plain = text.replace(HIDDEN, '\ufffd');
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** A text as JSON, in which every character can be seen. */
export function jsonString(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
