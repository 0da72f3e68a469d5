import { arrayForm } from './arrays';
import { CHILL_IDS, registeredName } from './classIds';
import { COLLECTION_FORMS, COLLECTIONS_WITHOUT_CHILL } from './collections';
import { FIELD_FORMS, FIELDS_WITHOUT_CHILL } from './fieldForms';
import { FLINK_FORMS } from './flinkForms';
import type { KryoGraph } from './graph';
import { SCALA_FORMS, scalaSingleton } from './scalaForms';
import { SCALAR_FORMS, SCALARS_WITHOUT_CHILL } from './scalars';
import { serializerForm } from './serializers';
import { TIME_FORMS } from './time';

/** How objects of a class are written. */
export interface Form {
  /** False for classes that Kryo never refers back to: boxed primitives, and enums with Kryo 5. */
  readonly tracked?: boolean;
  /** The class has no subclasses, so that an array of it needs no class for each element. */
  readonly final?: boolean;
  read(graph: KryoGraph, className: string): unknown;
}

/** A form by dialect, where the dialects differ. */
export interface Forms {
  readonly 2?: Form;
  readonly 5?: Form;
}

type FormTable = Readonly<Record<string, Form | Forms>>;

const TABLES: readonly FormTable[] = [
  SCALAR_FORMS,
  COLLECTION_FORMS,
  TIME_FORMS,
  SCALA_FORMS,
  FIELD_FORMS,
  FLINK_FORMS,
];

/** The classes that Chill registers, as Kryo takes them by itself. */
const WITHOUT_CHILL: FormTable = { ...COLLECTIONS_WITHOUT_CHILL, ...SCALARS_WITHOUT_CHILL, ...FIELDS_WITHOUT_CHILL };

function lookUp(table: FormTable, className: string, dialect: 2 | 5): Form | undefined {
  const found = Object.hasOwn(table, className) ? table[className] : undefined;
  if (found === undefined || 'read' in found) return found;
  return found[dialect];
}

/** The form of a class, or null where the bytes are known to the class alone. */
export function formOf(className: string, graph: KryoGraph): Form | null {
  const name = registeredName(className);
  const { dialect } = graph.config;
  const own = graph.registeredSerializer(name);
  if (own !== null) return serializerForm(own) ?? unreadable(own);
  if (!graph.isRegisteredByFlink(name)) {
    const chosen = defaultSerializer(name, graph);
    if (chosen !== null) return serializerForm(chosen) ?? unreadable(chosen);
  }
  if (graph.base === 'bare' && CHILL_IDS.includes(name)) return lookUp(WITHOUT_CHILL, name, dialect) ?? null;
  for (const table of TABLES) {
    const form = lookUp(table, name, dialect);
    if (form !== undefined) return form;
  }
  return arrayForm(name) ?? scalaSingleton(name);
}

function unreadable(serializer: string): Form {
  return {
    read(graph, className) {
      throw graph.unreadable(className, serializer);
    },
  };
}

/**
 * The job's default serializer for a class. It counts for subclasses too, and whose subclass a class of the JDK is, is known
 * here only for the JDK: any default serializer for a class of Java or Scala might be meant.
 */
function defaultSerializer(className: string, graph: KryoGraph): string | null {
  for (const entry of graph.config.defaults) {
    if (entry.className === className) return entry.serializer;
    if (isLibraryClass(entry.className) && isLibraryClass(className) && !FINAL_LIBRARY_CLASSES.has(entry.className))
      return `${entry.serializer}, the job's default serializer for ${entry.className}, if that is a superclass`;
  }
  return null;
}

const isLibraryClass = (className: string): boolean => className.startsWith('java.') || className.startsWith('scala.');

/** Classes without subclasses, for which jobs do set default serializers. */
const FINAL_LIBRARY_CLASSES = new Set(
  [TIME_FORMS, SCALAR_FORMS].flatMap((table) =>
    Object.entries(table).flatMap(([name, form]) => (('read' in form ? form : form[5])?.final === true ? [name] : [])),
  ),
);
