import { EngineError } from '../../../src/engine/bytes/engineError';
import type { Problem } from '../../../src/engine/description';
import { describeSnapshot } from '../../../src/engine/inspect';
import { finding } from '../../../src/engine/inspect/problems';
import { dump } from '../../../src/engine/query/dump';
import { verify } from '../../../src/engine/query/verify';
import { MemoryStore } from '../../memoryStore';
import { type Mutated, mutate } from './mutation';
import { Randomness, seedOf } from './randomness';
import { withSnapshot } from './withSnapshot';

/** Longest that reading one of these small snapshots may take, whatever was done to it, in milliseconds. */
export const PATIENCE = 1000;

/** Bytes in the dump of a damaged snapshot: the fixtures have at most some tens of thousands when they are whole. */
const MAX_DUMP = 20_000_000;

/** A snapshot to damage. */
export interface FuzzTarget {
  path: string;
  metadataPath: string;
  /** The folder with all its files. */
  folder: string;
}

interface LoadedTarget extends FuzzTarget {
  store: MemoryStore;
  /** Paths of its files, the metadata file among them. */
  files: string[];
}

export interface FuzzCase {
  /** Where it lies on disk when it is not damaged. */
  snapshot: string;
  file: string;
  mutated: Mutated;
  store: MemoryStore;
}

/** Snapshots, and any number of ways to damage them: the same for the same seed. */
export class SnapshotFuzz {
  private readonly targets: LoadedTarget[];

  constructor(
    targets: readonly FuzzTarget[],
    private readonly seed: number,
  ) {
    this.targets = targets.map((target) => {
      const store = MemoryStore.ofFolder(target.folder);
      return { ...target, store, files: [...store.files.keys()].sort() };
    });
  }

  /** The case of a number. Every second one damages the metadata, which every snapshot hangs on. */
  case(run: number): FuzzCase {
    const random = new Randomness(seedOf(this.seed, run));
    const { path, metadataPath, store, files } = this.targets[run % this.targets.length];
    const file = random.below(2) === 0 ? metadataPath : random.oneOf(files);
    const other = random.oneOf(this.targets);
    const bytesOf = (of: MemoryStore, name: string): Uint8Array => of.files.get(name) ?? new Uint8Array(0);
    const whole = bytesOf(store, file);
    // An SST file whose footer says that it has no checksums lets damage through to the code behind them.
    const open = random.below(3) > 0 ? withoutChecksums(whole) : whole;
    const mutated = mutate(open, random, bytesOf(other.store, random.oneOf(other.files)));
    const damaged = new MemoryStore();
    for (const [name, bytes] of store.files) damaged.files.set(name, bytes);
    damaged.files.set(file, mutated.bytes);
    return { snapshot: path, file, mutated, store: damaged };
  }
}

/** The last eight bytes of a block-based SST file of RocksDB (kBlockBasedTableMagicNumber), little-endian. */
const SST_MAGIC = [0xf7, 0xcf, 0xf4, 0x85, 0xb7, 0x41, 0xe2, 0x88];
const SST_FOOTER = 53;

/** An SST file of format version 1 to 5 with checksum type 0, which its footer begins with; any other file as it is. */
function withoutChecksums(bytes: Uint8Array): Uint8Array {
  const isSst = bytes.length >= SST_FOOTER && SST_MAGIC.every((byte, i) => bytes[bytes.length - 8 + i] === byte);
  if (!isSst) return bytes;
  const open = bytes.slice();
  open[open.length - SST_FOOTER] = 0;
  return open;
}

/**
 * What is wrong with how the engine takes a damaged snapshot, or null: every failure is to be an error of the engine that
 * names the file, none a defect of the program, and the end is to come soon. What is slow is tried again, for the machine may
 * have been busy.
 */
export async function complaintAbout(fuzzed: FuzzCase): Promise<string | null> {
  let fastest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3; attempt++) {
    const watch = stopwatch();
    const complaint = await complaintOfReading(fuzzed);
    if (complaint !== null) return complaint;
    fastest = Math.min(fastest, watch());
    if (fastest <= PATIENCE) return null;
  }
  return `Reading takes ${Math.round(fastest)} ms.`;
}

/** Milliseconds since it was made: of the clock or of the processor, whichever are fewer. */
function stopwatch(): () => number {
  const clock = performance.now();
  const processor = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(processor);
    return Math.min(performance.now() - clock, (user + system) / 1000);
  };
}

/** Describes, dumps and verifies it. */
async function complaintOfReading({ snapshot, store }: FuzzCase): Promise<string | null> {
  const errors: EngineError[] = [];
  const told: Problem[] = [];
  try {
    const { problems, operators } = await describeSnapshot(snapshot, store);
    told.push(...problems, ...operators.flatMap((operator) => operator.problems));
    await withSnapshot(
      snapshot,
      async (opened) => {
        let length = 0;
        for await (const bytes of dump(opened, {}, ({ error }) => errors.push(error))) length += bytes.length;
        if (length > MAX_DUMP) told.push(finding('error', 'INTERNAL', `The dump has ${length} bytes.`));
        const { problems: found } = await verify(opened);
        told.push(...found);
        if (errors.length > 0 && found.length === 0) {
          told.push(finding('error', 'INTERNAL', `The dump says "${errors[0].message}", and verify says nothing.`));
        }
      },
      store,
    );
  } catch (e) {
    if (!(e instanceof EngineError)) return `Thrown: ${e instanceof Error ? e.stack : String(e)}`;
    errors.push(e);
  }
  const defect = errors.find(({ code }) => code === 'INTERNAL');
  if (defect !== undefined) return causeOf(defect);
  const homeless = errors.find(({ file }) => file === undefined);
  if (homeless !== undefined) return `No file is named: ${homeless.code} ${homeless.stack}`;
  const toldDefect = told.find(({ code }) => code === 'INTERNAL');
  return toldDefect === undefined ? null : `${toldDefect.message} (${toldDefect.where})`;
}

const causeOf = ({ message, cause }: EngineError): string =>
  cause instanceof Error ? (cause.stack ?? message) : message;
