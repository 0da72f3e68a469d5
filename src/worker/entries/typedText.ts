import { EngineError } from '../../engine/bytes/engineError';
import { decodeBase64 } from '../../engine/json/base64';
import type { Json } from '../../engine/json/jsonValue';
import { parseJson } from '../../engine/json/parseJson';
import { type KeyLookup, lookupOf } from '../../engine/query/lookup';
import type { Codec } from '../../engine/types/codec';
import { spellType } from '../../engine/types/typeInfo';

/** Longest text that a person may write, in characters. */
const MAX_TEXT = 100_000;

/** What a person wrote a value for. */
export type TypedPart = 'key' | 'namespace' | 'map key';

/**
 * What a person wrote for a key, a namespace or a map key, as its serializer writes it, and for a key where it lies: JSON if it
 * fits the type so, else the text itself, which is what one writes for a string, a date or an enum. Fails with `BAD_VALUE`
 * where neither fits.
 */
export function typedText(text: string, what: TypedPart, codec: Codec | null, maxParallelism: number): KeyLookup {
  if (text.length > MAX_TEXT) throw new EngineError('BAD_VALUE', `A ${what} has at most ${MAX_TEXT} characters.`);
  const undecoded = undecodedBytes(text);
  if (undecoded !== null) return { keyGroup: null, bytes: undecoded };
  if (codec === null) {
    throw new EngineError('BAD_VALUE', `The snapshot does not say how a ${what} of this state is serialized.`);
  }
  const misfits: EngineError[] = [];
  for (const read of [(): Json => parseJson(text), (): Json => text]) {
    try {
      // Flink stores nothing under a key of null: this is the word.
      if (what === 'key' && read() === null) throw new EngineError('BAD_VALUE', 'Expected a key, found null.');
      return lookupOf(codec, read(), maxParallelism);
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
    `The ${what} does not fit its type, ${spellType(codec.type)}: ${misfit?.message ?? ''}`,
    { where: misfit?.where, hint: `Write the ${what} as JSON; one that is a string may stand without quotes.` },
  );
}

/** What cannot be decoded stands as `{"$bytes":"base64","$why":"reason"}`. */
function undecodedBytes(text: string): Uint8Array | null {
  if (!text.trimStart().startsWith('{"$bytes"')) return null;
  const json = parseJson(text);
  const bytes = json instanceof Map ? json.get('$bytes') : null;
  return typeof bytes === 'string' ? decodeBase64(bytes) : null;
}
