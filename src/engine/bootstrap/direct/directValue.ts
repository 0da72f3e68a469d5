import type { Sink } from '../../bytes/sink';
import type { Codec } from '../../types/codec';
import { NO_SUBCLASS } from '../../types/families/pojoCodec';
import type { FieldRows } from '../data/fieldRows';
import type { DirectSource } from './directSource';
import { FieldText } from './fieldText';
import { type LeafForm, type LeafKind, type Outcome, UNKNOWN, WRITTEN, writeLeaf } from './leafWriter';

/** Writes what a codec writes for the value that an expression has in a row, without making it. */
export interface DirectValue {
  write(rows: FieldRows, firstField: number, sink: Sink): Outcome;
}

/** Null where the codec or the expression is not so plain. */
export function directValue(source: DirectSource | null, codec: Codec): DirectValue | null {
  const form = leafForm(codec);
  if (source === null) return null;
  if (source.kind === 'string') return form === 'string' ? new DirectLeaf(source.column, 'text', form) : null;
  if (source.kind !== 'map') return form === null ? null : new DirectLeaf(source.column, source.kind, form);
  return codec.plain === 'pojo' ? directPojo(source.fields, codec) : null;
}

export const leafForm = ({ plain }: Codec): LeafForm | null => (plain === undefined || plain === 'pojo' ? null : plain);

class DirectLeaf implements DirectValue {
  private readonly text = new FieldText();

  constructor(
    private readonly column: number,
    private readonly kind: LeafKind,
    private readonly form: LeafForm,
  ) {}

  write(rows: FieldRows, firstField: number, sink: Sink): Outcome {
    if (!this.text.open(rows, firstField + this.column)) return UNKNOWN;
    return writeLeaf(this.form, this.kind, this.text, sink);
  }
}

/** A POJO of a map that names each of its fields, and nothing else. */
function directPojo(sources: ReadonlyMap<string, DirectSource>, { type, parts }: Codec): DirectValue | null {
  const names = type.fields?.map(({ name }) => name) ?? [];
  if (parts?.length !== names.length || sources.size !== names.length) return null;
  const fields: DirectValue[] = [];
  for (const [i, name] of names.entries()) {
    const field = directValue(sources.get(name) ?? null, parts[i]);
    if (field === null) return null;
    fields.push(field);
  }
  return new DirectPojo(fields);
}

class DirectPojo implements DirectValue {
  constructor(private readonly fields: readonly DirectValue[]) {}

  write(rows: FieldRows, firstField: number, sink: Sink): Outcome {
    sink.u8(NO_SUBCLASS);
    for (const field of this.fields) {
      // It is not null.
      sink.u8(0);
      if (field.write(rows, firstField, sink) !== WRITTEN) return UNKNOWN;
    }
    return WRITTEN;
  }
}
