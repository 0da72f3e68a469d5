import { EnumValue, RowValue } from '../../values';
import { ROW_KINDS } from '../row';
import type { Form, Forms } from './forms';
import { enumForms } from './scalars';

/** Flink's own classes as `FieldSerializer` writes them (see fieldForms.ts): none of their fields is of a final class but for RowKind. */

/** Tuples have the fields f0, f1, …, of which f10 comes before f2 in the bytes. */
function tuple(arity: number): Form {
  const order = Array.from({ length: arity }, (_, i) => i).sort((a, b) => (`${a}` < `${b}` ? -1 : 1));
  return {
    read(graph) {
      const values: unknown[] = new Array(arity).fill(null);
      for (const place of order) values[place] = graph.readClassAndObject();
      return values;
    },
  };
}

const MAX_ARITY = 25;
const ROW_KIND = 'org.apache.flink.types.RowKind';

/**
 * Row since Flink 1.13: fieldByName (null in a row without names), fieldByPosition, kind, positionByName (null again). A row
 * with names is left unread: its maps are written by their generic types. So is one of before 1.13, whose array came first,
 * with a kind behind it since 1.11 only: whether it has one, the bytes do not say.
 */
const row: Form = {
  read(graph, className) {
    if (graph.readClass() !== null)
      throw graph.unreadable(className, 'FieldSerializer, for a row with names or of Flink before 1.13');
    const fields = graph.readClassAndObject();
    if (!Array.isArray(fields)) throw graph.input.cursor.corrupt('A row without names has no array of fields.');
    const kind = graph.readObject(ROW_KIND, true);
    if (!(kind instanceof EnumValue)) throw graph.input.cursor.corrupt('A row without a kind.');
    if (graph.readClass() !== null)
      throw graph.unreadable(className, 'FieldSerializer, for a row with names and positions');
    return new RowValue(ROW_KINDS[kind.ordinal], fields);
  },
};

export const FLINK_FORMS: Readonly<Record<string, Form | Forms>> = {
  ...Object.fromEntries(
    Array.from({ length: MAX_ARITY + 1 }, (_, arity): [string, Form] => [
      `org.apache.flink.api.java.tuple.Tuple${arity}`,
      tuple(arity),
    ]),
  ),
  'org.apache.flink.types.Row': row,
  [ROW_KIND]: enumForms(['INSERT', 'UPDATE_BEFORE', 'UPDATE_AFTER', 'DELETE']),
};
