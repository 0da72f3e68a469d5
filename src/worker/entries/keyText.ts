import type { StatePart } from '../../engine/backends/part';
import { EngineError } from '../../engine/bytes/engineError';
import type { Json } from '../../engine/json/jsonValue';
import { parseJson } from '../../engine/json/parseJson';
import { type KeyLookup, lookupOf } from '../../engine/query/lookup';
import type { SnapshotOperator } from '../../engine/snapshot';
import type { Codec } from '../../engine/types/codec';
import { spellType } from '../../engine/types/typeInfo';

/** Longest key that a person may write, in characters. */
const MAX_KEY_TEXT = 100_000;

/**
 * A key that a person wrote: JSON if it fits the key's type so, else the text itself, which is what one writes for a string,
 * a date or an enum. Fails with `BAD_VALUE` where neither fits.
 */
export class KeyText {
  private readonly found = new Map<Codec, KeyLookup>();

  constructor(
    private readonly text: string,
    private readonly state: string,
  ) {
    if (text.length > MAX_KEY_TEXT) {
      throw new EngineError('BAD_VALUE', `A key has at most ${MAX_KEY_TEXT} characters.`);
    }
  }

  /** Of the first part that was asked about; the subtasks of an operator have the same keys. */
  get keyGroup(): number | null {
    return this.found.values().next().value?.keyGroup ?? null;
  }

  lookup(operator: SnapshotOperator, part: StatePart): KeyLookup {
    const codec = part.key ?? part.states.find(({ name }) => name === this.state)?.key ?? null;
    if (codec === null) {
      throw new EngineError('BAD_VALUE', 'The snapshot does not say how the keys of this state are serialized.');
    }
    const known = this.found.get(codec);
    if (known !== undefined) return known;
    const lookup = this.fit(codec, operator.state.maxParallelism);
    this.found.set(codec, lookup);
    return lookup;
  }

  private fit(codec: Codec, maxParallelism: number): KeyLookup {
    const misfits: EngineError[] = [];
    for (const read of [() => parseJson(this.text), () => this.text]) {
      try {
        const json: Json = read();
        return lookupOf(codec, json, maxParallelism);
      } catch (e) {
        if (!(e instanceof EngineError)) throw e;
        misfits.push(e);
      }
    }
    const [asJson, asText] = misfits;
    // Text that is no JSON at all was meant as text.
    const misfit = asJson?.where?.startsWith('line ') === true && codec.type.fields === undefined ? asText : asJson;
    throw new EngineError(
      'BAD_VALUE',
      `The key does not fit its type, ${spellType(codec.type)}: ${misfit?.message ?? ''}`,
      { where: misfit?.where, hint: 'Write the key as JSON; a key that is a string may stand without quotes.' },
    );
  }
}
