/**
 * What people are told of a type, and what columns are made from. It is built from the serializer snapshot alone; nothing in
 * it is guessed. `spellType` gives the one-line form, which plan files use too.
 */
export interface TypeInfo {
  /**
   * Short name: `long`, `string`, `byte[]`, `pojo`, `tuple`, `row`, `list`, `map`, `set`, `enum`, `avro`, `kryo`, `ttl`, `timer` …
   * `unknown` for a serializer that nobody knows.
   */
  readonly name: string;
  /** Java class of the value, where the snapshot names one. */
  readonly className?: string;
  /** Precision, scale, length: printed in round brackets after the name, `decimal(10, 2)`. */
  readonly parameters?: readonly (number | string)[];
  /** Type arguments in order: element of a list; key and value of a map. */
  readonly arguments?: readonly TypeInfo[];
  /** Named fields in the order of the bytes. */
  readonly fields?: readonly { readonly name: string; readonly type: TypeInfo }[];
  /** Names of an enum's constants, where the snapshot has them. */
  readonly constants?: readonly string[];
  /** The serializer takes null. */
  readonly nullable?: boolean;
  /** Class of the serializer snapshot (or of the serializer, where only that was written). */
  readonly serializer: string;
  /** Why values of this type cannot be decoded; absent where they can. */
  readonly unreadable?: string;
}

/** One line: `pojo com.acme.Balance {amount: double, updatedAt: long}`, `map<string, list<long>>`, `decimal(10, 2)`, `long?`. */
export function spellType(type: TypeInfo): string {
  let text = type.name;
  if (type.parameters !== undefined) text += `(${type.parameters.join(', ')})`;
  if (type.className !== undefined) text += ` ${type.className}`;
  if (type.arguments !== undefined && type.arguments.length > 0)
    text += `<${type.arguments.map(spellType).join(', ')}>`;
  if (type.fields !== undefined) text += ` {${type.fields.map((f) => `${f.name}: ${spellType(f.type)}`).join(', ')}}`;
  return type.nullable === true ? `${text}?` : text;
}

/** Whether values of this type, or the elements of such a list or map, carry the time at which they were last used. */
export function hasTtl(type: TypeInfo): boolean {
  return type.name === 'ttl' || (type.arguments ?? []).some((argument) => argument.name === 'ttl');
}

/** The first reason why a value of this type cannot be decoded whole, looking into arguments and fields; null if it can. */
export function whyUnreadable(type: TypeInfo): string | null {
  if (type.unreadable !== undefined) return type.unreadable;
  for (const inner of [...(type.arguments ?? []), ...(type.fields ?? []).map((f) => f.type)]) {
    const why = whyUnreadable(inner);
    if (why !== null) return why;
  }
  return null;
}
