import { stat } from 'node:fs/promises';

/** Clocks of file systems are a little behind the system's. */
const BEHIND_MS = 20;

/** Whether a file was written, or came to its place, at `millis` or later. What cannot be asked may have been. */
export async function changedSince(file: string, millis: number): Promise<boolean> {
  try {
    const { mtimeMs, ctimeMs } = await stat(file);
    return Math.max(mtimeMs, ctimeMs) >= millis - BEHIND_MS;
  } catch {
    return true;
  }
}
