import { Cursor } from '../../../bytes/cursor';
import type { Sink } from '../../../bytes/sink';
import type { Json } from '../../../json/jsonValue';
import { type Codec, VARIABLE } from '../../codec';
import type { TypeInfo } from '../../typeInfo';
import { EncodedValue } from '../../values';
import { primitiveCount } from './classIds';
import { type BaseIds, ClassIds, type KryoConfig } from './config';
import { KryoWriter } from './fromJson';
import { KryoGraph } from './graph';
import { hashOf } from './hashes';
import { KryoInput } from './input';

/** Declared types that an object of one of Chill's Scala classes may be an instance of. */
const OPEN_TYPES = new Set([
  'java.lang.Object',
  'java.io.Serializable',
  'java.lang.Cloneable',
  'java.lang.Iterable',
  'java.util.Collection',
  'java.util.List',
  'java.util.Map',
  'java.util.Iterator',
]);

/**
 * `KryoSerializer`: one record of Kryo, class and object, with references. Values keep their bytes, because Kryo's form says
 * more than a value shows: which objects are shared, which implementation of a list it was. New ones are made by `KryoWriter`.
 */
export class KryoCodec implements Codec<EncodedValue | null> {
  readonly type: TypeInfo;
  readonly length = VARIABLE;
  readonly jsonLoss = 'the classes of what a collection of Kryo holds, and what in it is shared';
  readonly hash?: (value: EncodedValue | null) => number;
  private readonly ids = new Map<BaseIds, ClassIds>();
  private readonly mayBeScala: boolean;

  constructor(
    private readonly config: KryoConfig,
    serializer: string,
  ) {
    this.type = { name: 'kryo', className: config.typeClass, serializer };
    this.mayBeScala = config.typeClass.startsWith('scala.') || OPEN_TYPES.has(config.typeClass);
    const hash = hashOf(config.typeClass);
    if (hash !== null) this.hash = (value) => (value === null ? 0 : hash(value.value));
  }

  read(cursor: Cursor): EncodedValue | null {
    const from = cursor.position;
    const { value, isText } = this.graph(cursor).readClassified();
    return value === null && cursor.position === from + 1
      ? null
      : new EncodedValue(cursor.bytes.subarray(from, cursor.position), value, isText);
  }

  skip(cursor: Cursor): void {
    this.graph(cursor).readClassAndObject();
  }

  write(sink: Sink, value: EncodedValue | null): void {
    if (value === null) sink.u8(0);
    else sink.raw(value.bytes);
  }

  fromJson(json: Json): EncodedValue | null {
    if (json === null) return null;
    const bytes = new KryoWriter(this.config, this.idsOf('chill')).record(json);
    return this.read(new Cursor(bytes));
  }

  private graph(cursor: Cursor): KryoGraph {
    const base = this.baseOf(cursor);
    return new KryoGraph(new KryoInput(cursor, this.config.dialect), this.config, this.idsOf(base), base);
  }

  private idsOf(base: BaseIds): ClassIds {
    const known = this.ids.get(base) ?? new ClassIds(this.config, base);
    this.ids.set(base, known);
    return known;
  }

  /**
   * Whether Chill's registrations stand in front of the job's; nothing in a snapshot says it. They do in every job: Flink
   * brings them. Only serializers that ran with flink-core alone lack them; their ids of the job's classes are those of Scala's
   * classes otherwise. Such an id cannot be a Scala class where the declared type is a class of the job's own or of the JDK.
   */
  private baseOf(cursor: Cursor): BaseIds {
    if (this.mayBeScala || cursor.atEnd) return 'chill';
    // Ids in question are small, their varints one byte.
    const id = cursor.bytes[cursor.position] - 2;
    const isJobs = id >= primitiveCount(this.config.dialect) && this.idsOf('bare').get(id) !== undefined;
    return isJobs ? 'bare' : 'chill';
  }
}
