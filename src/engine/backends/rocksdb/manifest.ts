import { EngineError } from '../../bytes/engineError';
import { KEY_TRAILER, ValueType } from './internalKey';
import { asciiOf, RocksCursor } from './littleEndian';

/** An SST file as a version of the database knows it. */
export interface LiveFile {
  number: number;
  level: number;
  size: number;
  /** Smallest and largest user key. */
  smallest: Uint8Array;
  largest: Uint8Array;
  /** The largest key is the end of a range deletion, which does not belong to it. */
  largestIsExcluded: boolean;
  /** Null in the oldest form of the record. */
  largestSequence: number | null;
}

export interface ColumnFamily {
  id: number;
  /** UTF-8; Flink's state backends name them after the state. */
  name: string;
  files: LiveFile[];
  /** Write-ahead logs with a smaller number are in the files already. */
  logNumber: number;
}

/** Tags of `db/version_edit.h`. */
const Tag = {
  comparator: 1,
  logNumber: 2,
  nextFileNumber: 3,
  lastSequence: 4,
  compactCursor: 5,
  deletedFile: 6,
  newFile: 7,
  previousLogNumber: 9,
  minLogNumberToKeep: 10,
  newFile2: 100,
  newFile3: 102,
  newFile4: 103,
  columnFamily: 200,
  columnFamilyAdd: 201,
  columnFamilyDrop: 202,
  maxColumnFamily: 203,
  inAtomicGroup: 300,
  blobFileAddition: 400,
  blobFileGarbage: 401,
} as const;

/** Records with this bit are length-prefixed and may be skipped by those who do not know them. */
const SAFE_TO_IGNORE = 1 << 13;
/** The same for the fields of a new file: with this bit set, an unknown one may not be skipped. */
const FIELD_NOT_SAFE_TO_IGNORE = 1 << 6;
const FIELD_TERMINATE = 1;
const FIELD_PATH_ID = 65;
/** Ends the fields of a blob file's record (`db/blob/blob_file_addition.cc`). */
const BLOB_FIELDS_END = 0;

const BYTEWISE = 'leveldb.BytewiseComparator';

/** Replays the version edits of a MANIFEST: which column families there are, and which files each has. */
export class ManifestState {
  private readonly families = new Map<number, ColumnFamily>([[0, { id: 0, name: 'default', files: [], logNumber: 0 }]]);

  columnFamilies(): ColumnFamily[] {
    return [...this.families.values()];
  }

  apply(record: Uint8Array, file: string, offset: number): void {
    const edit = new RocksCursor(record, { file, offset });
    let family = 0;
    let added: string | null = null;
    let dropped = false;
    let logNumber: number | null = null;
    const deleted: { level: number; number: number }[] = [];
    const files: LiveFile[] = [];
    while (!edit.atEnd) {
      const tag = edit.varint('tag');
      switch (tag) {
        case Tag.comparator:
          refuseOtherComparator(asciiOf(edit.slice('comparator')), edit);
          break;
        case Tag.logNumber:
          logNumber = edit.varintSize('log number');
          break;
        case Tag.nextFileNumber:
        case Tag.lastSequence:
        case Tag.previousLogNumber:
        case Tag.minLogNumberToKeep:
          edit.varint64();
          break;
        case Tag.maxColumnFamily:
        case Tag.inAtomicGroup:
          edit.varint();
          break;
        case Tag.compactCursor:
          edit.varint();
          edit.slice('compaction cursor');
          break;
        case Tag.deletedFile:
          deleted.push({ level: edit.varint('level'), number: edit.varintSize('file number') });
          break;
        case Tag.newFile:
        case Tag.newFile2:
        case Tag.newFile3:
        case Tag.newFile4:
          files.push(readNewFile(edit, tag));
          break;
        case Tag.columnFamily:
          family = edit.varint('column family');
          break;
        case Tag.columnFamilyAdd:
          added = new TextDecoder().decode(edit.slice('name of a column family'));
          break;
        case Tag.columnFamilyDrop:
          dropped = true;
          break;
        case Tag.blobFileAddition:
          for (const what of ['file number', 'count', 'size']) edit.varintSize(`${what} of a blob file`);
          edit.slice('checksum method of a blob file');
          edit.slice('checksum of a blob file');
          skipBlobFields(edit);
          break;
        case Tag.blobFileGarbage:
          for (const what of ['file number', 'count', 'size']) edit.varintSize(`${what} of a blob file's garbage`);
          skipBlobFields(edit);
          break;
        default:
          if ((tag & SAFE_TO_IGNORE) === 0) throw edit.error('UNSUPPORTED', `MANIFEST record ${tag} is not known.`);
          edit.slice(`record ${tag}`);
      }
    }
    if (added !== null) this.families.set(family, { id: family, name: added, files: [], logNumber: 0 });
    const target = this.families.get(family);
    if (target === undefined) throw edit.corrupt(`The MANIFEST speaks of column family ${family} before it is added.`);
    if (deleted.length > 0) {
      target.files = target.files.filter((f) => !deleted.some((d) => d.number === f.number && d.level === f.level));
    }
    target.files.push(...files);
    if (logNumber !== null) target.logNumber = logNumber;
    if (dropped) this.families.delete(family);
  }
}

function readNewFile(edit: RocksCursor, tag: number): LiveFile {
  const level = edit.varint('level');
  const number = edit.varintSize('file number');
  if (tag === Tag.newFile3) edit.varint('path id');
  const size = edit.varintSize('file size');
  const smallest = userKey(internalKey(edit));
  const largestInternal = internalKey(edit);
  const largest = userKey(largestInternal);
  const largestIsExcluded = isRangeDeletionSentinel(largestInternal);
  let largestSequence: number | null = null;
  if (tag !== Tag.newFile) {
    edit.varintSize('smallest sequence number');
    largestSequence = edit.varintSize('largest sequence number');
  }
  if (tag === Tag.newFile4) {
    for (let field = edit.varint('field'); field !== FIELD_TERMINATE; field = edit.varint('field')) {
      edit.slice(`field ${field} of a new file`);
      if ((field & FIELD_NOT_SAFE_TO_IGNORE) !== 0 && field !== FIELD_PATH_ID) {
        throw edit.error(
          'UNSUPPORTED',
          `Field ${field} of a file in the MANIFEST is not known and may not be skipped.`,
        );
      }
    }
  }
  return { number, level, size, smallest, largest, largestIsExcluded, largestSequence };
}

/** What later releases add to a blob file's record. Which blob files there are is not kept: entries refer to them by number. */
function skipBlobFields(edit: RocksCursor): void {
  for (let field = edit.varint('field'); field !== BLOB_FIELDS_END; field = edit.varint('field')) {
    edit.slice(`field ${field} of a blob file`);
    if ((field & FIELD_NOT_SAFE_TO_IGNORE) !== 0) {
      throw edit.error('UNSUPPORTED', `Field ${field} of a blob file in the MANIFEST may not be skipped.`);
    }
  }
}

function internalKey(edit: RocksCursor): Uint8Array {
  const key = edit.slice('internal key');
  if (key.length < KEY_TRAILER) {
    throw edit.corrupt(`An internal key in the MANIFEST has ${key.length} bytes, fewer than its trailer.`);
  }
  return key;
}

const userKey = (key: Uint8Array): Uint8Array => key.slice(0, key.length - KEY_TRAILER);

/** `kRangeTombstoneSentinel` of `db/dbformat.h`: the largest sequence number there is, of the kind of range deletions. */
function isRangeDeletionSentinel(key: Uint8Array): boolean {
  const at = key.length - KEY_TRAILER;
  return key[at] === ValueType.rangeDeletion && key.subarray(at + 1).every((b) => b === 0xff);
}

function refuseOtherComparator(name: string, edit: RocksCursor): void {
  if (name === BYTEWISE) return;
  throw new EngineError('UNSUPPORTED', `Keys are ordered by ${name}; Flink's state backends use ${BYTEWISE}.`, {
    file: edit.file,
    offset: edit.offset,
  });
}
