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
  /** Their numbers, where these need not be 0, 1, 2 …: of a `scala.Enumeration`. */
  readonly constantIds?: readonly number[];
  /** The serializer takes null. */
  readonly nullable?: boolean;
  /** Class of the serializer snapshot (or of the serializer, where only that was written). */
  readonly serializer: string;
  /** Why values of this type cannot be decoded; absent where they can. */
  readonly unreadable?: string;
  /** The class for whose values a person chose this type to read them with: the snapshot says nothing of it. */
  readonly chosenFor?: string;
}

/** One line: `pojo com.acme.Balance {amount: double, updatedAt: long}`, `map<string, list<long>>`, `decimal(10, 2)`, `long?`. */
export function spellType(type: TypeInfo): string {
  return spell(type, false);
}

/** The same with what the words for types of a plan need too: all constants of enums, and which `Either` it is. */
export function spellWholeType(type: TypeInfo): string {
  return spell(type, true);
}

function spell(type: TypeInfo, isWhole: boolean): string {
  let text = isWhole && isScalaEither(type) ? 'scala-either' : type.name;
  if (type.parameters !== undefined) text += `(${type.parameters.join(', ')})`;
  if (type.className !== undefined) text += ` ${type.className}`;
  if (type.arguments !== undefined && type.arguments.length > 0)
    text += `<${type.arguments.map((argument) => spell(argument, isWhole)).join(', ')}>`;
  if (type.fields !== undefined)
    text += ` {${type.fields.map((f) => `${f.name}: ${spell(f.type, isWhole)}`).join(', ')}}`;
  if (type.constants !== undefined && (isWhole || type.constantIds !== undefined)) text += spellConstants(type);
  return type.nullable === true ? `${text}?` : text;
}

const isScalaEither = ({ name, serializer }: TypeInfo): boolean => name === 'either' && /scala/i.test(serializer);

/** A number stands there where it is not the constant's place. */
function spellConstants({ constants = [], constantIds }: TypeInfo): string {
  const spelled = constants.map((name, i) => {
    const id = constantIds?.[i] ?? i;
    return id === i ? spellName(name) : `${spellName(name)} = ${id}`;
  });
  return ` {${spelled.join(', ')}}`;
}

/** Names that are read as they stand; any other is put in quotation marks. */
const BARE_NAME = /^[\p{L}\p{N}_$][\p{L}\p{N}_$.-]*$/u;

export const spellName = (name: string): string => (BARE_NAME.test(name) ? name : JSON.stringify(name));

/** Whether values of this type, or the elements of such a list or map, carry the time at which they were last used. */
export function hasTtl(type: TypeInfo): boolean {
  return type.name === 'ttl' || (type.arguments ?? []).some((argument) => argument.name === 'ttl');
}

/** Classes that alone can read values of this type, or for which a person chose how they are read; each once. */
export function jobsClassesIn(type: TypeInfo): string[] {
  const found = new Set<string>();
  const look = ({ chosenFor, unreadable, className = '', arguments: inner = [], fields = [] }: TypeInfo): void => {
    if (chosenFor !== undefined) found.add(chosenFor);
    else if (unreadable !== undefined && className !== '') found.add(className);
    for (const of of inner) look(of);
    for (const field of fields) look(field.type);
  };
  look(type);
  return [...found];
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
