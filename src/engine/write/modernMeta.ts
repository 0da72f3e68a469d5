import type { StateMeta, StateSerializer } from '../backends/stateMeta';
import { writeAnyV6 } from '../backends/stateMetaForms';
import { EngineError } from '../bytes/engineError';
import { Sink } from '../bytes/sink';
import type { Codec } from '../types/codec';
import type { FlinkLine } from '../types/describe/flinkLine';
import { newSerializer } from '../types/describe/newSerializer';
import { parseTypeText } from '../types/describe/typeText';
import { spellWholeType, type TypeInfo, whyUnreadable } from '../types/typeInfo';

/** Version of the reference to a serializer, in front of its snapshot (since 1.7). */
const ENVELOPE = 2;

/** A serializer in the form since 1.7. */
export interface ModernSerializer {
  readonly codec: Codec;
  /** As headers hold it. */
  readonly bytes: Uint8Array;
  /** The versioned snapshot alone. */
  readonly snapshot: Uint8Array;
}

/**
 * A serializer that Flink 1.3 to 1.6 described, as the given line describes the one of the same type: Flink 1.17 and later do not
 * read the old form. Values keep their bytes. `REFUSED` where the type cannot be said in words that give it back.
 */
export function modernSerializer(old: Codec, line: FlinkLine): ModernSerializer {
  const text = spellWholeType(old.type);
  const why = whyUnreadable(old.type) ?? whyOfTheJob(old.type);
  if (why !== null) throw refused(text, why);
  const made = describedAnew(text, line);
  if (spellWholeType(made.codec.type) !== text || made.codec.length !== old.length)
    throw refused(text, 'it would be another');
  const { codec, snapshot } = made;
  return { codec, snapshot, bytes: envelope((sink) => sink.raw(snapshot)) };
}

/** A reference to a serializer as headers hold it. */
export function envelope(write: (sink: Sink) => void): Uint8Array {
  const sink = new Sink();
  sink.i32(ENVELOPE);
  write(sink);
  return sink.toBytes();
}

/** What a header says of a state, with all its serializers in that form. */
export function modernMeta(meta: StateMeta, line: FlinkLine): StateMeta {
  const serializers = meta.serializers.map(({ key, codec: old }): Required<StateSerializer> => {
    const { codec, bytes } = modernSerializer(old, line);
    return { key, codec, bytes };
  });
  const { name, type, options } = meta;
  const sink = new Sink();
  writeAnyV6(
    sink,
    { name, type, options },
    serializers.map(({ key, bytes }) => [key, bytes]),
  );
  return { name, type, options, serializers, bytes: sink.toBytes() };
}

/** Newer snapshots of a Scala collection hold the source text of what builds it, which older ones had in classes of the job. */
function whyOfTheJob(type: TypeInfo): string | null {
  const inner = [...(type.arguments ?? []), ...(type.fields ?? []).map((field) => field.type)];
  const isTraversable = type.name === 'traversable' || inner.some((part) => whyOfTheJob(part) !== null);
  return isTraversable ? "what builds a collection of Scala is said by the job's classes alone" : null;
}

function describedAnew(text: string, line: FlinkLine): { codec: Codec; snapshot: Uint8Array } {
  try {
    return newSerializer(parseTypeText(text), line);
  } catch (e) {
    if (e instanceof EngineError) throw refused(text, e.message);
    throw e;
  }
}

const refused = (type: string, why: string): EngineError =>
  new EngineError(
    'REFUSED',
    `The snapshot describes its serializers as Flink 1.6 and older do, which newer ones do not read, and ${type} cannot be described anew: ${why.replace(/\.$/, '')}.`,
    { hint: 'Write metadata of version 3, which Flink 1.11 to 1.16 restore, and let one of these take a savepoint.' },
  );
