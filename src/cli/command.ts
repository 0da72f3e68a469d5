/** What a command is given beside its arguments. */
export interface CommandContext {
  /** Results: text, or text in UTF-8. Resolves when it was taken: bytes may be written over then. */
  out(text: string | Uint8Array): Promise<void>;
  /** Everything that is not a result. */
  err(text: string): void;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
}

/** Runs with the arguments behind the command's name; gives the exit code. */
export type Command = (args: string[], context: CommandContext) => Promise<number>;
