import { EngineError } from '../engine/bytes/engineError';
import { isOperator } from '../engine/entries';
import { operatorName } from '../engine/operatorName';
import { RAW_KINDS, type RawFailure, type RawKind, type RawPiece } from '../engine/raw/rawPiece';
import { type RawQuery, rawPieces } from '../engine/raw/rawPieces';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import type { OutputFolder } from '../engine/storage/outputFolder';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { errorText } from './errorText';
import { printable } from './printable';
import { exportName, pieceJson, pieceText } from './rawOutput';
import { UsageError } from './usage';

/** What an export's own list of its files is called. */
const INDEX = 'index.ndjson';

/**
 * `raw PATH`: state that is not entries, a line a piece. With `--out` each piece becomes a file of its bytes, and the lines go
 * into an index beside them, written last. What cannot be read is told on stderr and makes the exit code 1.
 */
export const raw: Command = async (args, { out, err, signal }) => {
  const { values, positionals } = parseArguments(
    args,
    {
      operator: { type: 'string' },
      what: { type: 'string' },
      json: { type: 'boolean' },
      out: { type: 'string' },
    },
    ['PATH'],
  );
  const kinds = kindOption(values.what);
  let failures = 0;
  const failed = ({ operator, subtask, what, error }: RawFailure): void => {
    failures++;
    const place = subtask === null ? '' : ` / subtask ${subtask}`;
    err(errorText(error.at({ where: `operator ${operatorName(operator)}${place} / ${what}` })));
  };
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const { operator: wanted } = values;
    if (wanted !== undefined && !snapshot.operators.some((o) => isOperator(o, wanted))) {
      throw new EngineError('NOT_FOUND', `The snapshot has no operator ${wanted}.`);
    }
    const query: RawQuery = {
      kinds,
      ...(wanted !== undefined && { operator: (operator) => isOperator(operator, wanted) }),
    };
    const pieces = rawPieces(snapshot, query, failed, signal);
    if (values.out === undefined) {
      for await (const piece of pieces) {
        await out(values.json === true ? await pieceJson(piece, signal) : `${printable(pieceText(piece))}\n`);
      }
    } else {
      const folder = await createOutputFolder(values.out);
      const count = await exportPieces(pieces, folder, signal);
      await out(`${printable(folder.path)}\n${count} pieces exported, listed in ${INDEX}\n`);
    }
  } finally {
    await snapshot.close();
  }
  return failures === 0 ? 0 : 1;
};

/** Leaves nothing behind if it fails. */
async function exportPieces(
  pieces: AsyncGenerator<RawPiece>,
  folder: OutputFolder,
  signal: AbortSignal,
): Promise<number> {
  const encoder = new TextEncoder();
  const index: Uint8Array[] = [];
  try {
    for await (const piece of pieces) {
      const name = exportName(piece, index.length + 1);
      const sink = await folder.create(name);
      try {
        for await (const bytes of piece.read(signal)) await sink.write(bytes);
      } finally {
        await sink.close();
      }
      index.push(encoder.encode(await pieceJson(piece, signal, name)));
    }
    await folder.publish(INDEX, Buffer.concat(index));
  } catch (e) {
    await folder.abandon();
    throw e;
  }
  return index.length;
}

function kindOption(text: string | undefined): ReadonlySet<RawKind> | undefined {
  if (text === undefined) return undefined;
  const kind = RAW_KINDS.find((known) => known === text);
  if (kind === undefined) throw new UsageError(`--what takes one of ${RAW_KINDS.join(', ')}; found '${text}'.`);
  return new Set([kind]);
}
