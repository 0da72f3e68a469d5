import { asEngineError } from '../engine/bytes/engineError';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import { operatorName } from '../engine/operatorName';
import type { RawPiece } from '../engine/raw/rawPiece';

/** Bytes that nothing decodes stand in the line itself, as base64, if they are no more than these. */
const MAX_INLINE = 64 * 1024;

/** A piece as one JSON object: where it is from, where its bytes lie, and what they say where their format is Flink's own. */
export async function pieceJson(piece: RawPiece, signal?: AbortSignal, file?: string): Promise<string> {
  const { what, operator, subtask, name, place, bytes, offset, offsets } = piece;
  const fields = new Map<string, Json>([['what', what]]);
  if (operator !== null) fields.set('op', operator.id).set('uid', operator.uid).set('operatorName', operator.name);
  if (subtask !== null) fields.set('subtask', BigInt(subtask));
  fields.set('name', name);
  for (const [part, position] of Object.entries(place)) fields.set(part, BigInt(position));
  fields.set('bytes', BigInt(bytes)).set('file', piece.file);
  if (offset !== null) fields.set('offset', BigInt(offset));
  if (offsets !== undefined) fields.set('offsets', offsets.map(BigInt));
  if (file !== undefined) fields.set('exported', file);
  const isDecoded = piece.decode !== undefined && (await addDecoded(fields, piece.decode, signal));
  if (!isDecoded && bytes <= MAX_INLINE && file === undefined) fields.set('base64', await base64Of(piece, signal));
  return `${printJson(fields)}\n`;
}

async function addDecoded(
  fields: Map<string, Json>,
  decode: (signal?: AbortSignal) => Promise<Json>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    fields.set('decoded', await decode(signal));
    return true;
  } catch (e) {
    const error = asEngineError(e);
    if (error.code === 'CANCELLED' || error.code === 'INTERNAL') throw error;
    fields.set('notDecoded', error.message);
    return false;
  }
}

async function base64Of(piece: RawPiece, signal: AbortSignal | undefined): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of piece.read(signal)) parts.push(part);
  return Buffer.concat(parts).toString('base64');
}

/** A piece on one line for people. */
export function pieceText({ what, operator, subtask, name, place, bytes, file, offset }: RawPiece): string {
  const facts = [
    what,
    operator === null ? null : operatorName(operator),
    subtask === null ? null : `subtask ${subtask}`,
    name === what ? null : name,
    ...Object.entries(place).map(([part, position]) => `${part} ${position}`),
    `${bytes} bytes`,
    offset === null ? file : `${file} at ${offset}`,
  ];
  return facts.filter((fact) => fact !== null).join(' · ');
}

/** Name of the file that a piece is exported to: its number makes it unique, the rest tells people what it is. */
export function exportName({ what, operator, subtask, name, place }: RawPiece, number: number): string {
  const parts = [
    String(number).padStart(6, '0'),
    what,
    operator?.id.replace('/', '-'),
    subtask === null ? undefined : `subtask-${subtask}`,
    name === what ? undefined : name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60),
    ...Object.entries(place).map(([part, position]) => `${part}-${position}`),
  ];
  return `${parts.filter((part) => part !== undefined && part !== '').join('.')}.bin`;
}
