/**
 * Turns an English text into the person's language: `vscode.l10n.t` in the extension. It is passed in, so that what only
 * makes words stays free of VS Code and can be tested without it.
 */
export type Translate = (message: string, ...values: (string | number)[]) => string;

/** English as it stands, with `{0}` filled in: for tests, and for a page outside VS Code. */
export const inEnglish: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (whole, index: string) => String(values[Number(index)] ?? whole));
