import type { EngineError } from '../engine/bytes/engineError';
import { printable } from './printable';

/** The lines that tell a person of an error: `error[CODE]: message`, then file, offset, place and hint, each where known. */
export function errorText(error: EngineError): string {
  const lines = [`error[${error.code}]: ${error.message}`];
  if (error.file !== undefined) lines.push(`  file: ${error.file}`);
  if (error.offset !== undefined) lines.push(`  offset: ${error.offset} (0x${error.offset.toString(16)})`);
  if (error.where !== undefined) lines.push(`  in: ${error.where}`);
  if (error.hint !== undefined) lines.push(`  hint: ${error.hint}`);
  return `${lines.map(printable).join('\n')}\n`;
}
