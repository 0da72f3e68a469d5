import * as vscode from 'vscode';
import { EngineError } from './engine/bytes/engineError';
import type { Problem } from './engine/description';
import { EXTENSION_NAME } from './ids';

/**
 * The output channel. Codes, places and durations go there; the data of a snapshot does not: an error's own words may quote
 * a value, so only the errors that are defects of this program are written in full.
 */
export class Log implements vscode.Disposable {
  private readonly channel = vscode.window.createOutputChannel(EXTENSION_NAME, { log: true });

  info(message: string): void {
    this.channel.info(message);
  }

  failure(what: string, problem: Problem): void {
    const place = [problem.file, problem.offset === null ? null : `offset ${problem.offset}`].filter((p) => p !== null);
    const words = problem.code === 'INTERNAL' ? `: ${problem.message}` : '';
    this.channel.error(`${what} failed: ${problem.code}${words}${place.length > 0 ? ` (${place.join(', ')})` : ''}`);
  }

  /** A thrown error that nobody expected, with its stack. */
  defect(what: string, thrown: unknown): void {
    const error = thrown instanceof EngineError && thrown.cause instanceof Error ? thrown.cause : thrown;
    this.channel.error(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }
}
