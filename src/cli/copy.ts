import type { MetadataVersion } from '../engine/metadata/model';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { copySnapshot } from '../engine/write/copySnapshot';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { printable } from './printable';
import { progressOn } from './progress';
import { UsageError } from './usage';

/** `copy PATH --out DIR [--metadata-version N]`: a self-contained copy, every file inside and every path relative. */
export const copy: Command = async (args, { out, err, signal }) => {
  const { values, positionals } = parseArguments(
    args,
    { out: { type: 'string' }, 'metadata-version': { type: 'string' } },
    ['PATH'],
  );
  if (values.out === undefined) throw new UsageError('--out is missing: the new folder to write to.');
  const metadataVersion = versionOption(values['metadata-version']);
  const source = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const output = await createOutputFolder(values.out);
    const progress = progressOn(err);
    const proof = await copySnapshot(source, output, nodeFileStore, {
      metadataVersion,
      signal,
      progress: progress.show,
    });
    progress.end();
    await out(
      `${printable(output.path)}\nmetadata version ${proof.metadataVersion}, ${proof.operators} operators, read back; ${proof.comparedBytes} bytes of files compared with the source: the same\n`,
    );
    return 0;
  } finally {
    await source.close();
  }
};

function versionOption(text: string | undefined): MetadataVersion | undefined {
  if (text === undefined) return undefined;
  if (!/^[2-6]$/.test(text)) throw new UsageError(`--metadata-version takes 2 to 6, found '${text}'.`);
  return Number(text) as MetadataVersion;
}
