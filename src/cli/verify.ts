import { healthOf } from '../engine/health/health';
import type { Json } from '../engine/json/jsonValue';
import { printJson } from '../engine/json/printJson';
import { type CheckAll, type Verification, verify as verifySnapshot } from '../engine/query/verify';
import { openSnapshot } from '../engine/snapshot';
import { nodeFileStore } from '../engine/storage/nodeFileStore';
import { threadsForAll } from '../threads/sharesForThreads';
import { checkInThreads } from '../threads/verifyThreads';
import { parseArguments } from './arguments';
import type { Command } from './command';
import { healthJson, healthLines } from './healthText';
import { printable } from './printable';
import { problemJson, problemLines } from './problemText';

/**
 * `verify PATH [--json]`: reads everything to the last byte, and says what matters for a restore. Exit code 1 where something is
 * missing, cut short or corrupt.
 */
export const verify: Command = async (args, { out, signal }) => {
  const { values, positionals } = parseArguments(args, { json: { type: 'boolean' } }, ['PATH']);
  const snapshot = await openSnapshot(positionals[0], nodeFileStore, { signal });
  try {
    const threads = threadsForAll(snapshot);
    const result = await verifySnapshot(snapshot, threads > 1 ? checkIn(threads, positionals[0]) : undefined, signal);
    await out(values.json === true ? asJson(snapshot.path, result) : asText(snapshot.path, result));
    return result.whole ? 0 : 1;
  } finally {
    await snapshot.close();
  }
};

/** Checks the entries in threads of the command line's own bundle. */
function checkIn(count: number, path: string): CheckAll {
  const work = { script: __filename, count, path, tellEvery: null };
  return (snapshot, signal) => checkInThreads(work, snapshot, () => undefined, signal);
}

function asJson(
  path: string,
  { whole, entries, keysChecked, plainBytes, problems, description }: Verification,
): string {
  const json: Json = new Map<string, Json>([
    ['path', path],
    ['whole', whole],
    ['entries', BigInt(entries)],
    ['keysChecked', BigInt(keysChecked)],
    ['plainBytes', BigInt(plainBytes)],
    ['problems', problems.map(problemJson)],
    ['health', healthOf(description).map(healthJson)],
  ]);
  return `${printJson(json)}\n`;
}

function asText(path: string, { whole, entries, keysChecked, problems, description }: Verification): string {
  const health = healthOf(description).flatMap((finding) => healthLines(finding, description));
  const lines = [
    path,
    `${whole ? 'whole' : 'NOT whole'}: ${entries} entries read, the key group of ${keysChecked} proved from their keys`,
    ...problems.flatMap(problemLines),
    ...(health.length > 0 ? ['for a restore:', ...health] : []),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
