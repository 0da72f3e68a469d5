import { EngineError } from '../../bytes/engineError';
import { type DataRow, type DataShare, type DataSource, type ReadOptions, ROWS_IN_BATCH, rowPlace } from './dataSource';
import { itemShares } from './itemShares';
import { JsonRows, objectRow, tooLong } from './jsonRows';
import { LONGEST_ROW, textBlocks } from './textBlocks';

/** What comes next in the array. */
type Expected = 'start' | 'item or end' | 'item' | 'comma or end' | 'nothing';

/** Rows of a file that is one JSON array of objects, of any length: only one object at a time is held. */
export class JsonArrayRows extends JsonRows {
  shares(bytes: number, signal?: AbortSignal): Promise<DataShare[]> {
    return itemShares(this.source, bytes, signal);
  }

  async *rows({ signal, share }: ReadOptions = {}): AsyncGenerator<DataRow[]> {
    let rows: DataRow[] = [];
    const items = new ItemFinder(
      this,
      (text, line) => rows.push(objectRow(this, text, line)),
      share !== undefined && share.from > 0,
    );
    for await (const block of textBlocks(this.source, signal, share)) {
      items.take(block);
      for (let from = 0; from < rows.length; from += ROWS_IN_BATCH) yield rows.slice(from, from + ROWS_IN_BATCH);
      rows = [];
    }
    items.end(share !== undefined && share.to < this.source.size);
  }
}

/** Finds where the items of an array begin and end; what is inside them it leaves to a parser. */
export class ItemFinder {
  private expected: Expected;
  private line = 1;
  /** Text of the item that has begun, and the line of its start; its last character is not looked at again. */
  private pending = '';
  private itemLine = 0;
  private depth = 0;
  private isInString = false;
  private isEscaped = false;

  constructor(
    private readonly owner: DataSource,
    private readonly found: (text: string, line: number) => unknown,
    /** The text begins with an item, and not with the array. */
    isInside = false,
  ) {
    this.expected = isInside ? 'item' : 'start';
  }

  take(block: string): void {
    let itemFrom = this.depth > 0 ? 0 : -1;
    for (let i = 0; i < block.length; i++) {
      const unit = block.charCodeAt(i);
      if (unit === 0x0a) this.line++;
      if (this.depth === 0) {
        if (this.isBetween(block[i], unit)) continue;
        itemFrom = i;
        this.itemLine = this.line;
        this.depth = 1;
      } else if (this.isInString) {
        if (this.isEscaped) this.isEscaped = false;
        else if (unit === 0x5c) this.isEscaped = true;
        else if (unit === 0x22) this.isInString = false;
      } else if (unit === 0x22) this.isInString = true;
      else if (unit === 0x7b || unit === 0x5b) this.depth++;
      else if (unit === 0x7d || unit === 0x5d) {
        this.depth--;
        if (this.depth > 0) continue;
        this.found(this.pending + block.slice(itemFrom, i + 1), this.itemLine);
        this.pending = '';
        itemFrom = -1;
        this.expected = 'comma or end';
      }
    }
    if (itemFrom < 0) return;
    this.pending += block.slice(itemFrom);
    if (this.pending.length > LONGEST_ROW) throw tooLong(this.owner, this.itemLine);
  }

  /** `isBefore`: the text ends before an item, and not with the array. */
  end(isBefore = false): void {
    const { expected } = this;
    if (isBefore ? expected === 'item' || expected === 'item or end' : expected === 'nothing') return;
    throw isBefore && this.depth === 0 ? this.error(WORDS[expected]) : this.error('The array does not end.');
  }

  /** Steps over a character that is not part of an item; false where it begins one. */
  private isBetween(character: string, unit: number): boolean {
    if (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) return true;
    const { expected } = this;
    if (expected === 'start' && character === '[') this.expected = 'item or end';
    else if (expected === 'comma or end' && character === ',') this.expected = 'item';
    else if ((expected === 'comma or end' || expected === 'item or end') && character === ']')
      this.expected = 'nothing';
    else if ((expected === 'item' || expected === 'item or end') && character === '{') return false;
    else throw this.error(WORDS[expected]);
    return true;
  }

  private error(message: string): EngineError {
    return new EngineError('BAD_VALUE', message, {
      file: this.owner.file,
      where: rowPlace(this.owner, this.line),
      hint: 'A .json file is one array of objects; a file with an object on each line is called .ndjson.',
    });
  }
}

const WORDS: Readonly<Record<Expected, string>> = {
  start: 'The file is not a JSON array.',
  'item or end': 'Expected an object, the first row, or the end of the array.',
  item: 'Expected an object, the next row.',
  'comma or end': 'Expected a comma or the end of the array.',
  nothing: 'Something follows the array.',
};
