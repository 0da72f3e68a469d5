import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Streams that `ObjectOutputStream` of JDK 17 wrote: see Streams.java beside this file. */
const streams = new Map(
  readFileSync(join(import.meta.dirname, 'streams.hex'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [name, hex] = line.split(' ');
      return [name, new Uint8Array(Buffer.from(hex, 'hex'))] as const;
    }),
);

export function stream(name: string): Uint8Array {
  const bytes = streams.get(name);
  if (bytes === undefined) throw new Error(`No stream ${name} in streams.hex.`);
  return bytes;
}

export const streamNames = [...streams.keys()];
