/**
 * What is drawn as nothing, or turns around what stands beside it: control characters, marks of direction, spaces without a
 * width, halves of characters. Line breaks and tabs are drawn; joiners belong to the writing of emoji and of whole languages.
 */
const HIDDEN = /[\p{Cc}\p{Surrogate}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
const DRAWN = new Set(['\n', '\r', '\t']);

/** Letters of Hebrew, Arabic and the other scripts that run from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATE = '\u2068';
const END_OF_ISOLATE = '\u2069';

/**
 * A text of a snapshot as it may be shown: characters that would hide or reorder others stand as `[U+202E]`, as they do in VS
 * Code's editors. To be shown only: what is copied, compared and asked for stays as it is.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (c) =>
    DRAWN.has(c) ? c : `[U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}

/** A visible text among others: one that runs from right to left does not draw its neighbours into its order. */
export function visibleAmong(text: string): string {
  const shown = visible(text);
  return RIGHT_TO_LEFT.test(shown) ? `${ISOLATE}${shown}${END_OF_ISOLATE}` : shown;
}
