import type { Codec } from './codec';
import type { TypeOptions } from './family';
import { OpaqueCodec } from './opaque';
import { spellType, type TypeInfo } from './typeInfo';

/**
 * What a person chose to read such values with; null where nothing was chosen, or where they can be read anyway. Values go by the
 * class that stands behind the word of their type: `unknown com.acme.MoneySnapshot`, `writable com.acme.Money`.
 */
export function chosenDecoder(codec: Codec, { decoders }: TypeOptions): Codec | null {
  if (decoders === undefined || !(codec instanceof OpaqueCodec)) return null;
  return decoders.get(codec.type.className ?? '') ?? null;
}

/** The chosen decoders that values of these types are read with, each once. */
export function chosenIn(...types: readonly TypeInfo[]): readonly TypeInfo[] {
  const found = new Map<string, TypeInfo>();
  const look = (at: TypeInfo): void => {
    if (at.chosenFor !== undefined) found.set(at.chosenFor, at);
    for (const inner of at.arguments ?? []) look(inner);
    for (const field of at.fields ?? []) look(field.type);
  };
  for (const type of types) look(type);
  return [...found.values()];
}

/** Why bytes of these types are not shown as values; `why` itself where no decoder was chosen that has a part in it. */
export function misfitOf(types: readonly TypeInfo[], why: string): string {
  const chosen = chosenIn(...types).map((of) => `${spellType(of)} for ${of.chosenFor}`);
  return chosen.length === 0 ? why : `The decoder that was chosen does not fit (${chosen.join('; ')}): ${why}`;
}
