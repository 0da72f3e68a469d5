import type { DescribedType } from '../describedType';
import {
  writeArraySnapshot,
  writeInternalSnapshot,
  writeMapSnapshot,
  writeRowSnapshot,
} from '../sql/internalSerializers';
import { sqlWordOf } from '../sql/sqlWords';
import { argumentOf, fieldTypes, type TypeWord } from './word';

/** Serializers that state of SQL's operators has (`org.apache.flink.table.runtime`, since 1.11). */

const DATA = 'org.apache.flink.table.data.';
const TYPEUTILS = 'org.apache.flink.table.runtime.typeutils.';
const WINDOW = 'org.apache.flink.table.runtime.operators.window.';

/** A type of SQL that stands by itself: a state whose values are of its internal class. */
function single(name: string, javaClass: string, about: string): TypeWord {
  const { shape, example, fault } = sqlWordOf({ name });
  return {
    name,
    about,
    example,
    since: '1.11',
    shape,
    ...(fault !== undefined && { fault }),
    write: writeInternalSnapshot,
    javaClass: () => DATA + javaClass,
  };
}

/** SQL's windows write themselves as those of the DataStream API do, and are other classes. */
function window(name: string, simpleName: string, about: string): TypeWord {
  const snapshotClass = `${WINDOW}${simpleName}$Serializer$${simpleName}SerializerSnapshot`;
  return {
    name,
    about,
    example: name,
    since: '1.11',
    shape: {},
    write: (_type, out) => out.simple(snapshotClass),
    javaClass: () => WINDOW + simpleName,
  };
}

/** A view is the list or map of its elements under a class of its own. */
function view(name: string, kind: 'List' | 'Map', inner: DescribedType, about: string, example: string): TypeWord {
  const arity = kind === 'List' ? 1 : 2;
  return {
    name,
    about,
    example,
    since: '1.11',
    shape: { arguments: [arity, arity] },
    write: (type, out) =>
      out.composite(`org.apache.flink.table.dataview.${kind}ViewSerializerSnapshot`, 1, [
        { ...inner, arguments: fieldTypes(type) },
      ]),
    javaClass: () => `org.apache.flink.table.api.dataview.${kind}View`,
  };
}

const stringData: TypeWord = {
  name: 'varchar',
  also: ['stringData'],
  about: "SQL's text as a value of its own (StringData)",
  example: 'varchar',
  since: '1.11',
  shape: {},
  write: (_type, out) => out.simple(`${TYPEUTILS}StringDataSerializer$StringDataSerializerSnapshot`),
  javaClass: () => `${DATA}StringData`,
};

export const sqlStateWords: readonly TypeWord[] = [
  {
    name: 'rowData',
    about: "row of SQL and the Table API (RowData), of SQL's types; its keys and its values",
    example: 'rowData {user: varchar(20), score: bigint not null}',
    since: '1.11',
    shape: { arguments: [0, Number.MAX_SAFE_INTEGER], fields: 'insteadOfArguments', sql: true },
    write: (type, out) => writeRowSnapshot(fieldTypes(type), out),
    javaClass: () => `${DATA}RowData`,
  },
  {
    name: 'arrayData',
    about: 'array of SQL as a value of its own (ArrayData)',
    example: 'arrayData<int>',
    since: '1.11',
    shape: { arguments: [1, 1], sql: true },
    write: (type, out) => writeArraySnapshot(argumentOf(type, 0), out),
    javaClass: () => `${DATA}ArrayData`,
  },
  {
    name: 'mapData',
    about: 'map of SQL as a value of its own (MapData)',
    example: 'mapData<varchar(20), bigint>',
    since: '1.11',
    shape: { arguments: [2, 2], sql: true },
    write: (type, out) => writeMapSnapshot([argumentOf(type, 0), argumentOf(type, 1)], out),
    javaClass: () => `${DATA}MapData`,
  },
  stringData,
  single('decimal', 'DecimalData', "SQL's decimal as a value of its own (DecimalData)"),
  single('timestamp', 'TimestampData', "SQL's timestamp as a value of its own (TimestampData)"),
  {
    name: 'linked-list',
    about: "LinkedList of SQL's runtime; elements may be null",
    example: 'linked-list<rowData<int>>',
    since: '1.16',
    shape: { arguments: [1, 1] },
    write: (type, out) =>
      out.composite(`${TYPEUTILS}LinkedListSerializer$LinkedListSerializerSnapshot`, 3, fieldTypes(type), (sink) =>
        sink.bool(true),
      ),
    javaClass: () => 'java.util.LinkedList',
  },
  view('list-view', 'List', { name: 'list' }, 'ListView of an aggregate function', 'list-view<string>'),
  view('map-view', 'Map', { name: 'map' }, 'MapView of an aggregate function', 'map-view<string, long>'),
  window('sql-time-window', 'TimeWindow', "namespace: a window of SQL's operators from start to end"),
  {
    ...window('sql-global-window', 'GlobalWindow', "namespace: the one global window of SQL's operators"),
    since: '2.1',
  },
  window('countwindow', 'CountWindow', "namespace: a count window of SQL's operators"),
];
