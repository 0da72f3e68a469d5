import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.*;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.*;
import org.apache.flink.api.java.typeutils.*;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;
import org.apache.flink.types.*;
import java.io.*;
import java.lang.reflect.Method;
import java.util.*;

/**
 * Prints one line `release name form reference value` for each sample, in hex: samples.hex. Run once with each of flink-core 1.2.1,
 * 1.3.3, 1.6.4 and 1.7.2, Kryo 2.24.0 and commons-lang3 on the class path and the release as the argument.
 */
public class LegacySamples {
    public enum Color { RED, GREEN, BLUE }
    public static class Point { public int x; public String label; public Color color; public Point() {} }
    public static class Point3 extends Point { public long z; public Point3() {} }
    public static class Generic { private final int hidden; Generic(int h) { hidden = h; } }

    static final String UTIL = "org.apache.flink.api.common.typeutils.";

    static byte[] bytes(Body body) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DataOutputViewStreamWrapper view = new DataOutputViewStreamWrapper(out);
        body.write(view);
        view.flush();
        return out.toByteArray();
    }

    interface Body { void write(DataOutputView out) throws Exception; }

    static void call(String className, String method, Object... args) throws Exception {
        for (Method m : Class.forName(UTIL + className).getMethods())
            if (m.getName().equals(method) && m.getParameterCount() == args.length) { m.invoke(null, args); return; }
        throw new NoSuchMethodException(method);
    }

    /** Made by name: 1.2 has neither of the two. */
    static Object made(String serializer, Object... parts) throws Exception {
        return Class.forName(UTIL + "base." + serializer).getConstructors()[0].newInstance(parts);
    }

    static Object snapshot(TypeSerializer<?> s) throws Exception {
        Method m = TypeSerializer.class.getMethod("snapshotConfiguration");
        return m.invoke(s);
    }

    static <T> void put(String release, String name, TypeSerializer<T> serializer, T value) throws Exception {
        String form;
        byte[] reference;
        if (release.equals("1.2")) {
            form = "proxy";
            Object proxy = Class.forName(UTIL + "TypeSerializerSerializationProxy").getConstructor(TypeSerializer.class).newInstance(serializer);
            reference = bytes(out -> proxy.getClass().getMethod("write", DataOutputView.class).invoke(proxy, out));
        } else if (release.equals("1.7")) {
            form = "envelope";
            reference = bytes(out -> call("TypeSerializerSnapshotSerializationUtil", "writeSerializerSnapshot", out, snapshot(serializer), serializer));
        } else {
            form = "pairs";
            Object pair = Tuple2.of(serializer, snapshot(serializer));
            reference = bytes(out -> call("TypeSerializerSerializationUtil", "writeSerializersAndConfigsWithResilience", out, Collections.singletonList(pair)));
        }
        byte[] written = bytes(out -> serializer.serialize(value, out));
        System.out.println(release + " " + name + " " + form + " " + HexFormat.of().formatHex(reference) + " " + HexFormat.of().formatHex(written));
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    public static void main(String[] args) throws Exception {
        String r = args[0];
        ExecutionConfig config = new ExecutionConfig();
        config.registerPojoType(Point3.class);
        put(r, "long", BasicTypeInfo.LONG_TYPE_INFO.createSerializer(config), 5L);
        put(r, "string", BasicTypeInfo.STRING_TYPE_INFO.createSerializer(config), "s");
        put(r, "bytes", (TypeSerializer) PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO.createSerializer(config), new byte[] {1});
        put(r, "tuple", (TypeSerializer) new TupleTypeInfo<>(BasicTypeInfo.INT_TYPE_INFO, new TupleTypeInfo<>(BasicTypeInfo.STRING_TYPE_INFO)).createSerializer(config), Tuple2.of(1, Tuple1.of("x")));
        put(r, "array", (TypeSerializer) ObjectArrayTypeInfo.getInfoFor(new TupleTypeInfo<>(BasicTypeInfo.INT_TYPE_INFO)).createSerializer(config), new Tuple1[] {Tuple1.of(2), null});
        put(r, "either", (TypeSerializer) new EitherTypeInfo<>(BasicTypeInfo.LONG_TYPE_INFO, BasicTypeInfo.STRING_TYPE_INFO).createSerializer(config), org.apache.flink.types.Either.Right("r"));
        put(r, "enum", (TypeSerializer) new EnumTypeInfo<>(Color.class).createSerializer(config), Color.BLUE);
        put(r, "value", (TypeSerializer) ValueTypeInfo.LONG_VALUE_TYPE_INFO.createSerializer(config), new LongValue(7));
        Row row = new Row(2);
        row.setField(1, "b");
        put(r, "row", (TypeSerializer) new RowTypeInfo(BasicTypeInfo.INT_TYPE_INFO, BasicTypeInfo.STRING_TYPE_INFO).createSerializer(config), row);
        put(r, "kryo", (TypeSerializer) new GenericTypeInfo<>(Generic.class).createSerializer(config), new Generic(3));
        if (!r.equals("1.2")) {
            put(r, "list", (TypeSerializer) made("ListSerializer", BasicTypeInfo.LONG_TYPE_INFO.createSerializer(config)), Arrays.asList(1L, 2L));
            put(r, "map", (TypeSerializer) made("MapSerializer", BasicTypeInfo.STRING_TYPE_INFO.createSerializer(config), BasicTypeInfo.LONG_TYPE_INFO.createSerializer(config)), Collections.singletonMap("k", null));
        }
        TypeSerializer<Point> pojo = (TypeSerializer<Point>) (TypeSerializer) TypeExtractor.createTypeInfo(Point.class).createSerializer(config);
        Point3 point = new Point3();
        point.x = 1; point.label = "three"; point.color = Color.GREEN; point.z = 9;
        Point plain = new Point();
        plain.x = 4;
        put(r, "pojo", pojo, plain);
        put(r, "subclass", pojo, point);
    }
}
