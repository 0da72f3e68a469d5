import { EngineError } from '../bytes/engineError';
import { suggestion } from '../json/closest';
import type { Json } from '../json/jsonValue';
import { printJson } from '../json/printJson';
import { inside } from '../types/jsonInput';
import type { TypeInfo } from '../types/typeInfo';

const STEP = /\.?([^.[\]"]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * A place inside a value: `address.city`, `items[0].price`, `tags["a.b"]`; fields of a tuple or of an unnamed row by number, `[2]`
 * or `f2`. Fails with `BAD_ARGUMENT` where it is none.
 */
export function parsePath(text: string): string[] {
  const path: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const at = STEP.lastIndex;
    const found = STEP.exec(text);
    const [, name, index, quoted] = found ?? [];
    const isGlued = found !== null && at > 0 && name !== undefined && !found[0].startsWith('.');
    if (found === null || isGlued || (at === 0 && found[0].startsWith('.'))) throw notAPath(text, at);
    path.push(name ?? index ?? unquoted(quoted, text, at));
  }
  if (path.length === 0) throw notAPath(text, 0);
  return path;
}

/** What stands between quotes is written as in JSON. */
function unquoted(quoted: string, text: string, at: number): string {
  try {
    return String(JSON.parse(`"${quoted}"`));
  } catch {
    throw notAPath(text, at);
  }
}

function notAPath(text: string, at: number): EngineError {
  return new EngineError('BAD_ARGUMENT', `${JSON.stringify(text)} is no path of fields, from character ${at + 1} on.`, {
    hint: 'A path is written like address.city, items[0].price or tags["a.b"].',
  });
}

/** Sets a place inside a value's JSON form. `REFUSED` where the value has no such place. */
export function setAt(json: Json, type: TypeInfo | undefined, path: readonly string[], value: Json): void {
  const [name, ...rest] = path;
  const place = placeOf(json, type, name, rest.length === 0);
  if (rest.length === 0) place.set(value);
  else inside(name, () => setAt(place.get(), place.type, rest, value));
}

interface Place {
  type: TypeInfo | undefined;
  get(): Json;
  set(value: Json): void;
}

/** `isNew`: the place need not be there where the value can grow: a key of a map, the next element of a list. */
function placeOf(json: Json, type: TypeInfo | undefined, name: string, isNew: boolean): Place {
  if (Array.isArray(json)) return elementOf(json, type, name, isNew);
  if (!(json instanceof Map)) {
    throw new EngineError('REFUSED', `The value has no fields, and so no ${name}: it is ${printJson(json)}.`);
  }
  const pairs = json.get('$map');
  if (json.size === 1 && Array.isArray(pairs)) return pairOf(pairs, type, name);
  const fields = json.get('fields');
  if (json.has('$kind') && fields !== undefined && !json.has(name)) return placeOf(fields, type, name, isNew);
  const isMap = type?.name === 'map';
  if (!json.has(name) && !(isMap && isNew)) {
    throw new EngineError('REFUSED', `The value has no field ${JSON.stringify(name)}.`, {
      hint: suggestion(name, [...json.keys()]),
    });
  }
  return {
    type: isMap ? type?.arguments?.[1] : fieldOf(type, name),
    get: () => json.get(name) ?? null,
    set: (value) => json.set(name, value),
  };
}

/** Of a list by its place; of a tuple or a row also by the name that its type has for it. */
function elementOf(array: Json[], type: TypeInfo | undefined, name: string, isNew: boolean): Place {
  const fields = type?.fields;
  const named = fields?.findIndex((field) => field.name === name) ?? -1;
  const index = named >= 0 ? named : Number(/^f?(\d{1,9})$/.exec(name)?.[1] ?? Number.NaN);
  const grows = isNew && fields === undefined && type?.arguments?.length === 1 && index === array.length;
  if (!Number.isInteger(index) || (index >= array.length && !grows)) {
    throw new EngineError('REFUSED', `The value has no element ${JSON.stringify(name)}; it has ${array.length}.`, {
      ...(fields !== undefined && {
        hint: suggestion(
          name,
          fields.map((field) => field.name),
        ),
      }),
    });
  }
  const { arguments: of } = type ?? {};
  return {
    type: fields !== undefined ? fields[index]?.type : of?.length === 1 ? of[0] : of?.[index],
    get: () => array[index] ?? null,
    set: (value) => {
      array[index] = value;
    },
  };
}

/** Of a map whose keys are no strings: by the key's own JSON. */
function pairOf(pairs: readonly Json[], type: TypeInfo | undefined, name: string): Place {
  const isThis = (key: Json): boolean => key === name || printJson(key) === name;
  const pair = pairs.find((candidate) => Array.isArray(candidate) && isThis(candidate[0]));
  if (!Array.isArray(pair)) throw new EngineError('REFUSED', `The map has no key ${name}.`);
  return {
    type: type?.arguments?.[1],
    get: () => pair[1],
    set: (value) => {
      pair[1] = value;
    },
  };
}

function fieldOf(type: TypeInfo | undefined, name: string): TypeInfo | undefined {
  const field = type?.fields?.find((candidate) => candidate.name === name)?.type;
  if (field !== undefined) return field;
  // A value with a time-to-live, or one side of an alternative.
  return type?.name === 'ttl' && name === 'value' ? type.arguments?.[0] : undefined;
}
