import * as path from 'node:path';
import type { MetadataVersion } from '../engine/metadata/model';
import { readPlan } from '../engine/plan/readPlan';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { createOutputFolder } from '../engine/storage/nodeOutputFolder';
import { copySnapshot } from '../engine/write/copySnapshot';
import { mayHaveOldForms } from '../engine/write/metadataVersions';
import { PROGRAM } from '../program';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { CANNOT_BE_MOVED } from './planReport';
import { printable } from './printable';
import { progressOn } from './progress';
import { runPlan } from './runPlan';
import { UsageError } from './usage';

/**
 * `copy PATH --out DIR [--metadata-version N] [--format canonical|heap]`: a self-contained copy, every file inside and every path
 * relative (absolute in version 2, which knows no other); with a format, a savepoint in that format, whatever the source is.
 */
export const copy: Command = async (args, context) => {
  const { values, positionals } = parseArguments(
    args,
    { out: { type: 'string' }, 'metadata-version': { type: 'string' }, format: { type: 'string' } },
    ['PATH'],
  );
  if (values.out === undefined || values.out === '')
    throw new UsageError('--out is missing: the new folder to write to.');
  const metadataVersion = versionOption(values['metadata-version']);
  const asPlan = (format?: string): Promise<number> => {
    const text = JSON.stringify({ from: path.resolve(positionals[0]), metadataVersion, format, steps: [] });
    const given = { plan: readPlan(text, 'the command line'), text };
    return runPlan(given, { out: values.out ?? null, json: false, copies: true }, context);
  };
  if (values.format !== undefined) return asPlan(formatOption(values.format));
  const { out, err, signal } = context;
  const source = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    if (mayHaveOldForms(source.metadata.version, metadataVersion ?? null)) return await asPlan();
    const output = await createOutputFolder(values.out);
    const progress = progressOn(err);
    const proof = await copySnapshot(source, output, nodeFileStore, {
      metadataVersion,
      signal,
      progress: progress.show,
      program: PROGRAM,
    });
    progress.end();
    await out(
      `${printable(output.path)}\nmetadata version ${proof.metadataVersion}, ${proof.operators} operators, read back; ${proof.comparedBytes} bytes of files compared with the source: the same\n${metadataVersion === 2 ? `${CANNOT_BE_MOVED}\n` : ''}`,
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

function formatOption(text: string): string {
  if (text !== 'canonical' && text !== 'heap')
    throw new UsageError(`--format takes canonical or heap, found '${text}'.`);
  return text;
}
