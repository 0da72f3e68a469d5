import java.io.File;
import java.nio.file.Files;
import java.util.*;
import org.apache.avro.Schema;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.*;
import org.apache.flink.api.common.typeutils.*;
import org.apache.flink.api.common.typeutils.base.*;
import org.apache.flink.api.java.tuple.*;
import org.apache.flink.api.java.typeutils.*;
import org.apache.flink.api.java.typeutils.runtime.NullableSerializer;
import org.apache.flink.core.memory.*;
import org.apache.flink.formats.avro.typeutils.*;
import org.apache.flink.runtime.state.*;
import org.apache.flink.streaming.api.operators.TimerSerializer;
import org.apache.flink.streaming.api.windowing.windows.*;
import org.apache.flink.table.runtime.typeutils.*;
import org.apache.flink.table.types.logical.*;
import org.apache.flink.types.*;

/**
 * What a job's own serializers, made from type information as jobs make them, write as their snapshots: a line `type TAB hex`
 * for each type. Run with Flink 1.20.0 or 2.3.0 (flink-core, -runtime, -streaming-java, -avro, -table-common, -table-runtime) on
 * the class path, and then once more without flink-avro: samples-1.20.txt and samples-2.3.txt.
 *
 * With the argument `check FILE` it reads lines of that form instead, and says of each whether the job's serializer of that type is
 * compatible as it is with the snapshot of the line.
 */
public class DescribedSamples {
    public enum Kind { IN, OUT, FEE }
    public static class Base { public long id; public String owner; }
    public static class Balance { public double amount; public long updatedAt; }
    public static class Account extends Base { public Kind kind; public Balance balance; public Integer level; public long[] marks; public Tuple2<String, Long> last; public Integer[] boxed; }
    public static class Tagged { public List<String> tags; public Map<String, Long> counts; public Set<Integer> seen; }
    public static class MyTuple extends Tuple2<String, Integer> {}

    static final String SCHEMA = "{\"type\":\"record\",\"name\":\"Limit\",\"namespace\":\"com.acme\",\"doc\":\"of a user\",\"fields\":["
        + "{\"name\":\"user\",\"type\":\"string\"},{\"name\":\"limit\",\"type\":[\"null\",\"long\"],\"default\":null},"
        + "{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"Kind\",\"symbols\":[\"A\",\"B\"]}},"
        + "{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},{\"name\":\"next\",\"type\":[\"null\",\"Limit\"],\"default\":null}]}";

    /** Apart, because this class is loaded without flink-avro too. */
    static class OfAvro {
        static void put() {
            DescribedSamples.put("avro " + quoted(SCHEMA), new GenericRecordAvroTypeInfo(new Schema.Parser().parse(SCHEMA)));
        }
    }

    static final Map<String, TypeSerializer<?>> SERIALIZERS = new LinkedHashMap<>();

    static void put(String text, TypeSerializer<?> serializer) { SERIALIZERS.put(text, serializer); }
    static void put(String text, TypeInformation<?> info) { put(text, info.createSerializer(new SerializerConfigImpl())); }
    static void put(String text, Class<?> type) { put(text, TypeInformation.of(type)); }
    static void row(String text, LogicalType... types) { put(text, new RowDataSerializer(types)); }

    static void types(boolean is2) {
        put("boolean", Types.BOOLEAN); put("byte", Types.BYTE); put("short", Types.SHORT); put("int", Types.INT); put("long", Types.LONG);
        put("float", Types.FLOAT); put("double", Types.DOUBLE); put("char", Types.CHAR); put("string", Types.STRING); put("void", Types.VOID);
        put("biginteger", Types.BIG_INT); put("bigdecimal", Types.BIG_DEC); put("date", BasicTypeInfo.DATE_TYPE_INFO);
        put("sql-date", Types.SQL_DATE); put("sql-time", Types.SQL_TIME); put("sql-timestamp", Types.SQL_TIMESTAMP); put("instant", Types.INSTANT);
        put("localdate", Types.LOCAL_DATE); put("localtime", Types.LOCAL_TIME); put("localdatetime", Types.LOCAL_DATE_TIME);
        put("long org.apache.flink.types.LongValue", LongValue.class); put("string org.apache.flink.types.StringValue", StringValue.class);
        put("void org.apache.flink.types.NullValue", NullValue.class);
        put("byte[]", byte[].class); put("long[]", long[].class); put("boolean[]", boolean[].class); put("short[]", short[].class); put("int[]", int[].class);
        put("float[]", float[].class); put("double[]", double[].class); put("char[]", char[].class); put("string[]", String[].class);
        put("array<int>", Integer[].class); put("array<long>", Long[].class); put("array<array<int>>", ObjectArrayTypeInfo.getInfoFor(TypeInformation.of(Integer[].class)));
        put("array<long[]>", long[][].class); put("array<tuple<string, int>>", ObjectArrayTypeInfo.getInfoFor(Types.TUPLE(Types.STRING, Types.INT)));
        put("array<pojo DescribedSamples$Balance {amount: double, updatedAt: long}>", Balance[].class);
        put("tuple<>", new TupleTypeInfo<>(Tuple0.class)); put("tuple<string, long>", Types.TUPLE(Types.STRING, Types.LONG));
        put("tuple DescribedSamples$MyTuple<string, int>", TypeInformation.of(MyTuple.class));
        put("tuple<tuple<int>, list<string>>", Types.TUPLE(Types.TUPLE(Types.INT), Types.LIST(Types.STRING)));
        put("row<int, string>", Types.ROW(Types.INT, Types.STRING));
        put("row {user: string, at: localdate, inner: row<double>}", Types.ROW_NAMED(new String[] {"user", "at", "inner"}, Types.STRING, Types.LOCAL_DATE, Types.ROW(Types.DOUBLE)));
        put("list<string>", Types.LIST(Types.STRING)); put("map<string, list<long>>", Types.MAP(Types.STRING, Types.LIST(Types.LONG)));
        put("either<string, long>", Types.EITHER(Types.STRING, Types.LONG));
        put("long?", NullableSerializer.wrap(LongSerializer.INSTANCE, false)); put("padded<long>", NullableSerializer.wrap(LongSerializer.INSTANCE, true));
        put("list<string?>?", NullableSerializer.wrap(new ListSerializer<>(NullableSerializer.wrap(StringSerializer.INSTANCE, false)), false));
        put("enum DescribedSamples$Kind {IN, OUT, FEE}", Kind.class);
        put("pojo DescribedSamples$Balance {updatedAt: long, amount: double}", Balance.class);
        put("pojo DescribedSamples$Account {DescribedSamples$Base#id: long, DescribedSamples$Base#owner: string, kind: enum DescribedSamples$Kind {IN, OUT, FEE}, "
            + "balance: pojo DescribedSamples$Balance {amount: double, updatedAt: long}, level: int, marks: long[], last: tuple<string, long>, boxed: array<int>}", Account.class);
        put("ttl<list<long>>", new org.apache.flink.runtime.state.ttl.TtlStateFactory.TtlSerializer<>(LongSerializer.INSTANCE, new ListSerializer<>(LongSerializer.INSTANCE)));
        put("timer<string, time-window>", new TimerSerializer<>(StringSerializer.INSTANCE, new TimeWindow.Serializer()));
        put("void-namespace", VoidNamespaceSerializer.INSTANCE); put("time-window", new TimeWindow.Serializer()); put("global-window", new GlobalWindow.Serializer());
        put("java", new org.apache.flink.runtime.state.JavaSerializer<java.io.Serializable>());
        put("array-list<string>", new ArrayListSerializer<>(StringSerializer.INSTANCE));
        put("stream-record<string>", new org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer<>(StringSerializer.INSTANCE));

        RowType address = RowType.of(new LogicalType[] {new VarCharType(40), new IntType(false)}, new String[] {"city", "zip"});
        row("rowData<boolean, tinyint, smallint, int not null, bigint, float, double, char(3), varchar(20), binary(2), varbinary(16), date, time(3), timestamp(3), timestamp_ltz(6), decimal(10, 2)>",
            new BooleanType(), new TinyIntType(), new SmallIntType(), new IntType(false), new BigIntType(), new FloatType(), new DoubleType(), new CharType(3), new VarCharType(20),
            new BinaryType(2), new VarBinaryType(16), new DateType(), new TimeType(3), new TimestampType(3), new LocalZonedTimestampType(6), new DecimalType(10, 2));
        row("rowData {name: string, x: decimal(10, 2), t: timestamp(3), raw: bytes}", new VarCharType(VarCharType.MAX_LENGTH), new DecimalType(10, 2), new TimestampType(3), new VarBinaryType(VarBinaryType.MAX_LENGTH));
        row("rowData<row {city: varchar(40), zip: int not null}, array<row {city: varchar(40), zip: int not null} not null>>", address, new ArrayType(address.copy(false)));
        row("rowData<map<varchar(5) not null, array<timestamp(9)>>, multiset<varchar(9)>>", new MapType(new VarCharType(false, 5), new ArrayType(new TimestampType(9))), new MultisetType(new VarCharType(9)));
        row("rowData<array<array<decimal(38, 10)>>, map<int, map<int not null, double>>>", new ArrayType(new ArrayType(new DecimalType(38, 10))), new MapType(new IntType(), new MapType(new IntType(false), new DoubleType())));
        row("rowData<map<bigint, row {a: boolean, b: tinyint, c: smallint not null, d: float, e: char(1), f: binary(1), g: date, h: time(0), i: timestamp_ltz(3), j: decimal(5, 0), k: array<int>, l: map<int, int>, m: row {n: bigint not null}}>>",
            new MapType(new BigIntType(), RowType.of(new LogicalType[] {new BooleanType(), new TinyIntType(), new SmallIntType(false), new FloatType(), new CharType(1), new BinaryType(1), new DateType(), new TimeType(0),
                new LocalZonedTimestampType(3), new DecimalType(5, 0), new ArrayType(new IntType()), new MapType(new IntType(), new IntType()), RowType.of(new LogicalType[] {new BigIntType(false)}, new String[] {"n"})},
                new String[] {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"})));
        row("rowData<interval year(4) to month, interval month, interval day(3) to second(3), interval hour to minute, interval second(9) not null>",
            new YearMonthIntervalType(YearMonthIntervalType.YearMonthResolution.YEAR_TO_MONTH, 4), new YearMonthIntervalType(YearMonthIntervalType.YearMonthResolution.MONTH),
            new DayTimeIntervalType(DayTimeIntervalType.DayTimeResolution.DAY_TO_SECOND, 3, 3), new DayTimeIntervalType(DayTimeIntervalType.DayTimeResolution.HOUR_TO_MINUTE),
            new DayTimeIntervalType(false, DayTimeIntervalType.DayTimeResolution.SECOND, 2, 9));
        put("arrayData<varchar(3) not null>", new ArrayDataSerializer(new VarCharType(false, 3))); put("mapData<bigint, row {city: varchar(40), zip: int not null}>", new MapDataSerializer(new BigIntType(), address));
        put("varchar", StringDataSerializer.INSTANCE); put("decimal(21, 1)", new DecimalDataSerializer(21, 1)); put("timestamp(9)", new TimestampDataSerializer(9));
        put("linked-list<rowData<int>>", new LinkedListSerializer<>(new RowDataSerializer(new IntType())));
        put("list-view<string>", new org.apache.flink.table.dataview.ListViewSerializer<>(new ListSerializer<>(StringSerializer.INSTANCE)));
        put("map-view<string, long>", new org.apache.flink.table.dataview.MapViewSerializer<>(new MapSerializer<>(StringSerializer.INSTANCE, LongSerializer.INSTANCE)));
        put("sql-time-window", new org.apache.flink.table.runtime.operators.window.TimeWindow.Serializer());
        put("countwindow", new org.apache.flink.table.runtime.operators.window.CountWindow.Serializer());
        if (is2) only2();
    }

    /** Kryo's snapshots tell whether flink-avro was on the class path, so that these come from a run without it. */
    static void withoutAvro(boolean is2) {
        put("kryo java.util.UUID", new GenericTypeInfo<>(UUID.class));
        put(is2 ? "pojo DescribedSamples$Tagged {tags: list<string?>?, counts: map<string?, long>?, seen: set<int>?}"
            : "pojo DescribedSamples$Tagged {tags: kryo java.util.List, counts: kryo java.util.Map, seen: kryo java.util.Set}", Tagged.class);
    }

    /** By name, because 1.20 does not have them. */
    static void only2() {
        try {
            put("set<string>", (TypeSerializer<?>) Class.forName("org.apache.flink.api.common.typeutils.base.SetSerializer").getConstructor(TypeSerializer.class).newInstance(StringSerializer.INSTANCE));
            LogicalType variant = (LogicalType) Class.forName("org.apache.flink.table.types.logical.VariantType").getConstructor().newInstance();
            LogicalType bitmap = (LogicalType) Class.forName("org.apache.flink.table.types.logical.BitmapType").getConstructor().newInstance();
            put("sql-global-window", (TypeSerializer<?>) Class.forName("org.apache.flink.table.runtime.operators.window.GlobalWindow$Serializer").getConstructor().newInstance());
            row("rowData<variant, bitmap, array<variant>, array<row {v: variant, b: bitmap}>>", variant, bitmap, new ArrayType(variant),
                new ArrayType(RowType.of(new LogicalType[] {variant, bitmap}, new String[] {"v", "b"})));
        } catch (ReflectiveOperationException e) { throw new IllegalStateException(e); }
    }

    static String quoted(String text) { return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'; }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] args) throws Exception {
        boolean is2 = DescribedSamples.class.getClassLoader().getResource("org/apache/flink/api/common/typeutils/base/SetSerializer.class") != null;
        boolean hasAvro = DescribedSamples.class.getClassLoader().getResource("org/apache/flink/formats/avro/typeutils/AvroSerializer.class") != null;
        if (hasAvro) { types(is2); OfAvro.put(); }
        if (!hasAvro || args.length > 0) withoutAvro(is2);
        if (args.length == 0) {
            for (Map.Entry<String, TypeSerializer<?>> e : SERIALIZERS.entrySet()) {
                DataOutputSerializer out = new DataOutputSerializer(64);
                TypeSerializerSnapshot.writeVersionedSnapshot(out, e.getValue().snapshotConfiguration());
                System.out.println(e.getKey() + "\t" + HexFormat.of().formatHex(out.getCopyOfBuffer()));
            }
            return;
        }
        int wrong = 0, right = 0;
        for (String line : Files.readAllLines(new File(args[1]).toPath())) {
            String[] parts = line.split("\t");
            TypeSerializer job = SERIALIZERS.get(parts[0]);
            String outcome;
            try {
                DataInputDeserializer in = new DataInputDeserializer(HexFormat.of().parseHex(parts[1]));
                TypeSerializerSnapshot stored = TypeSerializerSnapshot.readVersionedSnapshot(in, DescribedSamples.class.getClassLoader());
                if (in.available() > 0) throw new IllegalStateException(in.available() + " bytes are left");
                TypeSerializerSchemaCompatibility<?> compatibility = job.snapshotConfiguration().resolveSchemaCompatibility(stored);
                outcome = compatibility.isCompatibleAsIs() ? "as is" : compatibility.toString();
                stored.restoreSerializer();
            } catch (Throwable e) { outcome = e.toString(); }
            if (outcome.equals("as is")) right++; else { wrong++; System.out.println(parts[0] + " -> " + outcome); }
        }
        System.out.println(right + " compatible as they are, " + wrong + " not");
    }
}
