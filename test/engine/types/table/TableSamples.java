import org.apache.flink.api.common.typeutils.*;
import org.apache.flink.api.common.typeutils.base.*;
import org.apache.flink.core.memory.*;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.*;
import org.apache.flink.table.data.writer.BinaryRowWriter;
import org.apache.flink.table.data.binary.BinaryRowData;
import org.apache.flink.table.dataview.*;
import org.apache.flink.table.runtime.typeutils.*;
import org.apache.flink.table.types.logical.*;
import org.apache.flink.types.RowKind;
import java.math.*;
import java.time.*;
import java.util.*;

/**
 * Prints one line `name snapshot value hash` for each sample, in hex: samples.hex. Run with Flink 2.3.0 (flink-core,
 * flink-core-api, flink-annotations, flink-runtime, flink-table-common, flink-table-api-java, flink-table-runtime and what they depend on) on
 * the class path.
 */
public class TableSamples {
    public static class Point implements java.io.Serializable { public int x; public String label; public Instant at; }

    static <T> void put(String name, TypeSerializer<T> serializer, T value, Object hash) throws Exception {
        DataOutputSerializer snapshot = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, serializer.snapshotConfiguration());
        DataOutputSerializer bytes = new DataOutputSerializer(64);
        serializer.serialize(value, bytes);
        HexFormat hex = HexFormat.of();
        System.out.println(name + " " + hex.formatHex(snapshot.getCopyOfBuffer()) + " " + hex.formatHex(bytes.getCopyOfBuffer()) + " " + hash);
    }

    static void row(String name, RowData value, LogicalType... types) throws Exception {
        RowDataSerializer serializer = new RowDataSerializer(types);
        put(name, serializer, value, serializer.toBinaryRow(value, true).hashCode());
    }

    static StringData s(String text) { return StringData.fromString(text); }

    public static void main(String[] args) throws Exception {
        LogicalType[] scalars = {
            new BooleanType(), new TinyIntType(), new SmallIntType(), new IntType(), new BigIntType(), new FloatType(), new DoubleType(),
            new CharType(3), new VarCharType(), new BinaryType(2), new VarBinaryType(20), new DateType(), new TimeType(3),
            new TimestampType(3), new TimestampType(9), new LocalZonedTimestampType(3), new LocalZonedTimestampType(6),
            new DecimalType(10, 2), new DecimalType(38, 10), new YearMonthIntervalType(YearMonthIntervalType.YearMonthResolution.YEAR_TO_MONTH),
            new DayTimeIntervalType(DayTimeIntervalType.DayTimeResolution.DAY_TO_SECOND)};
        GenericRowData full = GenericRowData.ofKind(RowKind.UPDATE_AFTER, true, (byte) -1, (short) -2, -3, Long.MIN_VALUE, 1.5f, -0.0,
            s("abc"), s("longer than seven b\u00fctes"), new byte[] {1, 2}, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9},
            (int) LocalDate.of(1969, 12, 31).toEpochDay(), 86399999,
            TimestampData.fromEpochMillis(-1), TimestampData.fromEpochMillis(-1, 999999), TimestampData.fromEpochMillis(0), TimestampData.fromEpochMillis(1, 1000),
            DecimalData.fromBigDecimal(new BigDecimal("-12345678.90"), 10, 2),
            DecimalData.fromBigDecimal(new BigDecimal("-1234567890123456789012345678.0123456789"), 38, 10), -14, 90061001L);
        row("scalars", full, scalars);
        row("nulls", new GenericRowData(RowKind.DELETE, scalars.length), scalars);
        row("empty", new GenericRowData(RowKind.UPDATE_BEFORE, 0));
        row("nan", GenericRowData.of(Float.NaN, Double.NaN, Float.intBitsToFloat(0x7fc00001), Double.longBitsToDouble(0xfff8000000000000L)),
            new FloatType(), new DoubleType(), new FloatType(), new DoubleType());
        row("strings", GenericRowData.of(s(""), s("1234567"), s("12345678"), s("\ud83d\ude00")), new VarCharType(10), new VarCharType(10), new VarCharType(10), new VarCharType(10));

        RowType inner = RowType.of(new LogicalType[] {new IntType(), new VarCharType(20)}, new String[] {"id", "name"});
        LogicalType[] nested = {inner, new ArrayType(new TinyIntType()), new ArrayType(new VarCharType(20)), new ArrayType(inner),
            new MapType(new VarCharType(5), new DecimalType(20, 1)), new MapType(new IntType(), new DateType()), new MultisetType(new VarCharType(9)),
            new RawType<>(LocalDate.class, LocalDateSerializer.INSTANCE), new ArrayType(new TimestampType(9)), new ArrayType(new ArrayType(new BooleanType()))};
        Map<Object, Object> decimals = new LinkedHashMap<>();
        decimals.put(s("a"), DecimalData.fromBigDecimal(new BigDecimal("1234567890123456789.5"), 20, 1));
        decimals.put(s("b"), null);
        Map<Object, Object> dates = new LinkedHashMap<>();
        dates.put(1, 19782);
        Map<Object, Object> counts = new LinkedHashMap<>();
        counts.put(s("twice here"), 2);
        row("nested", GenericRowData.of(GenericRowData.ofKind(RowKind.DELETE, 7, s("seven and more")),
            new GenericArrayData(new byte[] {1, -1, 3}), new GenericArrayData(new Object[] {s("x"), null, s("more than seven")}),
            new GenericArrayData(new Object[] {GenericRowData.of(1, null), null}), new GenericMapData(decimals), new GenericMapData(dates), new GenericMapData(counts),
            RawValueData.fromObject(LocalDate.of(2024, 2, 29)),
            new GenericArrayData(new Object[] {TimestampData.fromEpochMillis(1, 2), null}),
            new GenericArrayData(new Object[] {new GenericArrayData(new boolean[] {true, false}), new GenericArrayData(new Object[0])})), nested);

        BinaryRowData key = new BinaryRowData(3);
        BinaryRowWriter writer = new BinaryRowWriter(key);
        writer.writeDecimal(0, null, 30);
        writer.writeTimestamp(1, null, 9);
        writer.writeLong(2, 5);
        writer.complete();
        put("projected", new RowDataSerializer(new DecimalType(30, 1), new TimestampType(9), new BigIntType()), key, key.hashCode());
        put("untyped", new BinaryRowDataSerializer(3), key, key.hashCode());

        put("string", StringDataSerializer.INSTANCE, s("k\u00e9y"), s("k\u00e9y").hashCode());
        put("decimal", new DecimalDataSerializer(5, 2), DecimalData.fromBigDecimal(new BigDecimal("1.20"), 5, 2), DecimalData.fromBigDecimal(new BigDecimal("1.20"), 5, 2).hashCode());
        DecimalData wide = DecimalData.fromBigDecimal(new BigDecimal("-99999999999999999999.9"), 21, 1);
        put("wideDecimal", new DecimalDataSerializer(21, 1), wide, wide.hashCode());
        put("timestamp", new TimestampDataSerializer(3), TimestampData.fromEpochMillis(1234), TimestampData.fromEpochMillis(1234).hashCode());
        put("wideTimestamp", new TimestampDataSerializer(9), TimestampData.fromEpochMillis(-1234, 5), TimestampData.fromEpochMillis(-1234, 5).hashCode());
        put("array", new ArrayDataSerializer(new VarCharType(3)), new GenericArrayData(new Object[] {s("a"), null}), "-");
        put("map", new MapDataSerializer(new BigIntType(), inner), new GenericMapData(Map.of(5L, GenericRowData.of(1, s("one")))), "-");
        put("raw", new RawValueDataSerializer<>(StringSerializer.INSTANCE), RawValueData.fromObject("raw"), "-");

        put("linkedList", new LinkedListSerializer<>(LongSerializer.INSTANCE), new LinkedList<>(Arrays.asList(1L, null, 3L)), "-");
        put("listView", new ListViewSerializer<>(new ListSerializer<>(LongSerializer.INSTANCE)), new org.apache.flink.table.api.dataview.ListView<Long>(), "-");
        Map<String, Long> nulls = new LinkedHashMap<>();
        nulls.put(null, 1L);
        nulls.put("k", null);
        put("nullAwareMap", new NullAwareMapSerializer<>(StringSerializer.INSTANCE, LongSerializer.INSTANCE), nulls, "-");
        put("windowKey", new WindowKeySerializer(new RowDataSerializer(new IntType())), new org.apache.flink.table.runtime.util.WindowKey(9L, GenericRowData.of(1)), "-");
        put("sortedLong", org.apache.flink.table.runtime.operators.sink.SortedLongSerializer.INSTANCE, -2L, Long.hashCode(-2L));
        put("countWindow", new org.apache.flink.table.runtime.operators.window.CountWindow.Serializer(), new org.apache.flink.table.runtime.operators.window.CountWindow(3), "-");
        put("timeWindow", new org.apache.flink.table.runtime.operators.window.TimeWindow.Serializer(), new org.apache.flink.table.runtime.operators.window.TimeWindow(1, 2), "-");

        org.apache.flink.types.variant.VariantBuilder b = org.apache.flink.types.variant.Variant.newBuilder();
        org.apache.flink.types.variant.Variant variant = b.object()
            .add("null", b.ofNull()).add("yes", b.of(true)).add("byte", b.of((byte) -1)).add("short", b.of((short) 300)).add("int", b.of(70000)).add("long", b.of(Long.MIN_VALUE))
            .add("float", b.of(1.5f)).add("double", b.of(-0.0)).add("decimal", b.of(new BigDecimal("12.340"))).add("wide", b.of(new BigDecimal("-12345678901234567890.5")))
            .add("text", b.of("short")).add("long text", b.of("x".repeat(70))).add("bytes", b.of(new byte[] {1, 2}))
            .add("date", b.of(LocalDate.of(2024, 2, 29))).add("local", b.of(LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000))).add("instant", b.of(Instant.ofEpochSecond(-1, 1000)))
            .add("array", b.array().add(b.of(1)).add(b.array().build()).build()).build();
        put("variant", VariantSerializer.INSTANCE, variant, "-");
        row("variantInRow", GenericRowData.of(variant), new VariantType());
        put("parsedVariant", VariantSerializer.INSTANCE, org.apache.flink.types.variant.BinaryVariantInternalBuilder.parseJson(
            "{\"b\":[1,300,-70000,5000000000,{}],\"a\":{\"z\":null,\"y\":true,\"x\":\"text\"},\"long\":\"" + "y".repeat(300) + "\"}", false), "-");
        org.apache.flink.types.bitmap.Bitmap bitmap = org.apache.flink.types.bitmap.Bitmap.empty();
        for (int i : new int[] {5, 70000, -1, 1, 2, 3, 4}) bitmap.add(i);
        for (int i = 200000; i < 220000; i += 2) bitmap.add(i);
        put("bitmap", BitmapSerializer.INSTANCE, bitmap, "-");
        row("bitmapInRow", GenericRowData.of(org.apache.flink.types.bitmap.Bitmap.fromArray(new int[] {3, 9})), new BitmapType());

        put("externalRow", ExternalSerializer.of(DataTypes.ROW(DataTypes.FIELD("id", DataTypes.INT()), DataTypes.FIELD("at", DataTypes.TIMESTAMP_LTZ(3)),
            DataTypes.FIELD("inner", DataTypes.ROW(DataTypes.FIELD("d", DataTypes.DATE()))))),
            org.apache.flink.types.Row.ofKind(RowKind.DELETE, 1, Instant.ofEpochMilli(1500), org.apache.flink.types.Row.of(LocalDate.of(2024, 1, 31))), "-");
        Point point = new Point();
        point.x = 3; point.label = "three"; point.at = Instant.ofEpochMilli(-1);
        put("externalStructured", (TypeSerializer) ExternalSerializer.of(DataTypes.STRUCTURED(Point.class, DataTypes.FIELD("x", DataTypes.INT().notNull().bridgedTo(int.class)),
            DataTypes.FIELD("label", DataTypes.STRING()), DataTypes.FIELD("at", DataTypes.TIMESTAMP_LTZ(9)))), point, "-");
        put("externalInstant", ExternalSerializer.of(DataTypes.TIMESTAMP_LTZ(9)), Instant.ofEpochSecond(1, 5), "-");
        put("externalMillis", ExternalSerializer.of(DataTypes.TIMESTAMP_LTZ(3).bridgedTo(Long.class)), 77L, "-");
        put("externalSeconds", ExternalSerializer.of(DataTypes.TIMESTAMP_LTZ(3).bridgedTo(Integer.class)), -77, "-");
        put("externalDate", ExternalSerializer.of(DataTypes.DATE()), LocalDate.of(2024, 1, 31), "-");
        put("externalList", ExternalSerializer.of(DataTypes.ARRAY(DataTypes.TIMESTAMP_LTZ(3))), new Instant[] {Instant.ofEpochMilli(1), null}, "-");
        put("externalMap", ExternalSerializer.of(DataTypes.MAP(DataTypes.STRING(), DataTypes.INT())), Map.of("k", 1), "-");
        put("externalInternal", ExternalSerializer.of(DataTypes.STRING().bridgedTo(StringData.class)), s("inside"), "-");
    }
}
