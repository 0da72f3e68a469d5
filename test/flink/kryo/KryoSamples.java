import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.regex.Pattern;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.api.java.tuple.*;
import org.apache.flink.api.java.typeutils.runtime.kryo.KryoSerializer;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

/** Prints what Flink's KryoSerializer writes for the JDK's own classes, one JSON object a line. See README.md. */
public class KryoSamples {
    static PrintStream out;

    static String hex(byte[] bytes) {
        StringBuilder s = new StringBuilder();
        for (byte b : bytes) s.append(String.format("%02x", b));
        return s.toString();
    }

    static <T> void sample(String name, Class<T> type, T value, String json) {
        try {
            KryoSerializer<T> serializer = new KryoSerializer<>(type, new ExecutionConfig().getSerializerConfig());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            serializer.serialize(value, new DataOutputViewStreamWrapper(bytes));
            ByteArrayOutputStream snapshot = new ByteArrayOutputStream();
            TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
                    new DataOutputViewStreamWrapper(snapshot), serializer.snapshotConfiguration());
            out.println("{\"name\":\"" + name + "\",\"type\":\"" + type.getName() + "\",\"bytes\":\"" + hex(bytes.toByteArray())
                    + "\",\"value\":" + json + "}");
        } catch (Throwable e) {
            System.err.println(name + ": " + e);
        }
    }

    static void any(String name, Object value, String json) {
        sample(name, Object.class, value, json);
    }

    public static void main(String[] args) throws Exception {
        out = new PrintStream(args[0], "UTF-8");
        boolean scala = args.length > 1 && args[1].equals("scala");
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        if (scala) {
            ScalaSamples.write();
            return;
        }
        any("null", null, "null");
        any("map of uuids", new HashMap<>(Map.of(new UUID(1, 2), 1)),
                "{\"$map\":[[\"00000000-0000-0001-0000-000000000002\",1]]}");
        any("map of characters", new HashMap<>(Map.of('c', 1)), "{\"$map\":[[\"c\",1]]}");
        any("map of string builders", new TreeMap<>(Map.of(new StringBuilder("b"), 1)), "{\"b\":1}");
        any("value classes", new ArrayList<>(List.of(new org.apache.flink.types.BooleanValue(true), new org.apache.flink.types.ByteValue((byte) -3),
                new org.apache.flink.types.CharValue('c'), new org.apache.flink.types.DoubleValue(-0.0), new org.apache.flink.types.FloatValue(1.5f),
                new org.apache.flink.types.IntValue(-7), new org.apache.flink.types.LongValue(Long.MIN_VALUE), new org.apache.flink.types.ShortValue((short) -9),
                org.apache.flink.types.NullValue.getInstance(), new org.apache.flink.types.StringValue("a string"))),
                "[true,-3,\"c\",-0.0,1.5,-7,-9223372036854775808,-9,null,\"a string\"]");
        any("either", new ArrayList<>(List.of(org.apache.flink.types.Either.Left(1), org.apache.flink.types.Either.Right("x"))),
                "[{\"left\":1},{\"right\":\"x\"}]");
        any("object without fields", new Object(), "{\"$class\":\"java.lang.Object\"}");
        any("entry of a map of constants", Map.entry("k", 2L), "{\"$class\":\"java.util.KeyValueHolder\",\"key\":\"k\",\"value\":2}");
        any("string ascii", "hello", "\"hello\"");
        any("string of one character", "x", "\"x\"");
        any("string empty", "", "\"\"");
        any("string utf", "h\u00e9\u20ac\ud83d\ude00\u0000", "\"h\u00e9\u20ac\ud83d\ude00\\u0000\"");
        any("string of 64 ascii", "a".repeat(64), "\"" + "a".repeat(64) + "\"");
        any("string of 70 utf", "\u00e9".repeat(70), "\"" + "\u00e9".repeat(70) + "\"");
        any("boolean", true, "true");
        any("byte", (byte) -3, "-3");
        any("char", 'q', "\"q\"");
        any("short", (short) -300, "-300");
        for (int i : new int[] {0, -1, 63, -64, 64, 1 << 20, Integer.MIN_VALUE, Integer.MAX_VALUE}) any("int " + i, i, "" + i);
        for (long l : new long[] {0, -1, 300, 1L << 40, Long.MIN_VALUE, Long.MAX_VALUE}) any("long " + l, l, "" + l);
        any("float", 1.5f, "1.5");
        any("float -0", -0.0f, "-0.0");
        any("double", Math.PI, "" + Math.PI);
        any("double nan", Double.NaN, "\"NaN\"");
        any("big integer", new BigInteger("-123456789012345678901234567890"), "\"-123456789012345678901234567890\"");
        any("big integer 0", BigInteger.ZERO, "\"0\"");
        any("big decimal", new BigDecimal("1234567890123456789012.345"), "\"1234567890123456789012.345\"");
        any("big decimal small", new BigDecimal("-12.50"), "\"-12.50\"");
        any("big decimal 0", BigDecimal.ZERO, "\"0\"");
        any("big decimal 1", BigDecimal.ONE, "\"1\"");
        any("big decimal scale", new BigDecimal("1E+10"), "\"1E+10\"");
        any("date", new Date(1700000000123L), "\"2023-11-14T22:13:20.123Z\"");
        any("date negative", new Date(-1L), "\"1969-12-31T23:59:59.999Z\"");
        any("sql date", new java.sql.Date(1700000000000L), "\"2023-11-14T22:13:20Z\"");
        any("sql time", new java.sql.Time(3600000L), "\"1970-01-01T01:00:00Z\"");
        Timestamp stamp = new Timestamp(1700000000123L);
        stamp.setNanos(123456789);
        any("timestamp", stamp, "\"2023-11-14T22:13:20.123456789Z\"");
        any("uuid", UUID.fromString("01234567-89ab-cdef-fedc-ba9876543210"), "\"01234567-89ab-cdef-fedc-ba9876543210\"");
        any("uri", new URI("http://a.b/c?d=e"), "\"http://a.b/c?d=e\"");
        any("locale", Locale.GERMANY, "\"de_DE\"");
        any("locale root", Locale.ROOT, "\"\"");
        any("locale variant", new Locale("es", "ES", "Traditional"), "\"es_ES_Traditional\"");
        any("pattern", Pattern.compile("a+b", Pattern.CASE_INSENSITIVE), pattern());
        any("inet socket address", InetSocketAddress.createUnresolved("host.example", 8080), "{\"$class\":\"java.net.InetSocketAddress\",\"hostName\":\"host.example\",\"port\":8080}");
        any("currency", Currency.getInstance("EUR"), "\"EUR\"");
        any("string builder", new StringBuilder("built"), "\"built\"");
        any("string builder empty", new StringBuilder(), "\"\"");
        any("string buffer", new StringBuffer("buffered"), "\"buffered\"");
        any("time zone", TimeZone.getTimeZone("Europe/Berlin"), "\"Europe/Berlin\"");
        Calendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        calendar.setTimeInMillis(1700000000123L);
        any("calendar", calendar, "{\"$class\":\"java.util.GregorianCalendar\",\"timeZone\":\"UTC\",\"time\":\"2023-11-14T22:13:20.123Z\",\"lenient\":true,\"firstDayOfWeek\":1,\"minimalDaysInFirstWeek\":1,\"gregorianChange\":\"1582-10-15T00:00:00Z\"}");
        any("class", String.class, "\"java.lang.String\"");
        any("class primitive", int.class, "\"int\"");
        any("class wrapper", Integer.class, "\"java.lang.Integer\"");
        any("class by name", ArrayList.class, "\"java.util.ArrayList\"");
        any("enum", TimeUnit.SECONDS, "\"SECONDS\"");
        any("enum set", EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY), "{\"$set\":[\"MONDAY\",\"FRIDAY\"]}");

        any("byte[]", new byte[] {1, 2, 3}, "\"AQID\"");
        any("int[]", new int[] {1, -2, 300000}, "[1,-2,300000]");
        any("long[]", new long[] {1, -2, 1L << 40}, "[1,-2,1099511627776]");
        any("short[]", new short[] {1, -2, 300}, "[1,-2,300]");
        any("char[]", new char[] {'a', '\u00e9'}, "[\"a\",\"\u00e9\"]");
        any("float[]", new float[] {1.5f, -2f}, "[1.5,-2]");
        any("double[]", new double[] {1.25, -2}, "[1.25,-2]");
        any("boolean[]", new boolean[] {true, false}, "[true,false]");
        any("String[]", new String[] {"a", null, "", "a"}, "[\"a\",null,\"\",\"a\"]");
        any("Object[]", new Object[] {"a", 1, null, 2L}, "[\"a\",1,null,2]");
        any("Integer[]", new Integer[] {1, null, 3}, "[1,null,3]");
        any("int[][]", new int[][] {{1}, null, {2, 3}}, "[[1],null,[2,3]]");
        any("String[][]", new String[][] {{"x"}, {}}, "[[\"x\"],[]]");
        any("Object[][]", new Object[][] {{"x", 1}, {}}, "[[\"x\",1],[]]");
        any("UUID[]", new UUID[] {new UUID(1, 2), null}, "[\"00000000-0000-0001-0000-000000000002\",null]");
        any("Date[]", new Date[] {new Date(0)}, "[\"1970-01-01T00:00:00Z\"]");

        any("array list", new ArrayList<>(List.of("a", "b")), "[\"a\",\"b\"]");
        any("array list empty", new ArrayList<>(), "[]");
        any("array list of nulls", new ArrayList<>(Arrays.asList(null, null)), "[null,null]");
        any("array list some null", new ArrayList<>(Arrays.asList("a", null)), "[\"a\",null]");
        any("array list some null ints", new ArrayList<>(Arrays.asList(1, null)), "[1,null]");
        any("array list of ints", new ArrayList<>(List.of(1, 2, 3)), "[1,2,3]");
        any("array list mixed", new ArrayList<>(Arrays.asList("a", 1, null)), "[\"a\",1,null]");
        List<Integer> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) many.add(i);
        any("array list of 100", new ArrayList<>(many), many.toString().replace(" ", ""));
        any("linked list", new LinkedList<>(List.of(1L)), "[1]");
        any("array deque", new ArrayDeque<>(List.of("x", "y")), "[\"x\",\"y\"]");
        any("vector", new Vector<>(List.of("x")), "[\"x\"]");
        any("copy on write list", new CopyOnWriteArrayList<>(List.of("x")), "[\"x\"]");
        any("hash set", new HashSet<>(List.of("a")), "{\"$set\":[\"a\"]}");
        any("linked hash set", new LinkedHashSet<>(List.of(3, 1, 2)), "{\"$set\":[3,1,2]}");
        any("tree set", new TreeSet<>(List.of("b", "a")), "{\"$set\":[\"a\",\"b\"]}");
        any("tree set reversed", reversed(), "{\"$set\":[\"b\",\"a\"]}");
        any("tree set empty", new TreeSet<String>(), "{\"$set\":[]}");
        any("hash map", new HashMap<>(Map.of("k", 1)), "{\"k\":1}");
        Map<Object, Object> linked = new LinkedHashMap<>();
        linked.put("z", 1);
        linked.put("a", null);
        any("linked hash map", linked, "{\"z\":1,\"a\":null}");
        Map<Object, Object> keyed = new LinkedHashMap<>();
        keyed.put(1, "x");
        keyed.put(null, "y");
        any("map of ints", keyed, "{\"$map\":[[1,\"x\"],[null,\"y\"]]}");
        any("tree map", new TreeMap<>(Map.of("k", "v")), "{\"k\":\"v\"}");
        TreeMap<String, Integer> ignoring = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ignoring.put("K", 7);
        any("tree map ignoring case", ignoring, "{\"K\":7}");
        any("skip list map", new ConcurrentSkipListMap<>(Map.of("k", "v")), "{\"k\":\"v\"}");
        any("concurrent map", new ConcurrentHashMap<>(Map.of("k", "v")), "{\"k\":\"v\"}");
        any("arrays as list", Arrays.asList("a", "b"), "[\"a\",\"b\"]");
        any("arrays as list mixed", Arrays.<Object>asList("a", 1), "[\"a\",1]");
        any("empty list", Collections.emptyList(), "[]");
        any("empty map", Collections.emptyMap(), "{}");
        any("empty set", Collections.emptySet(), "{\"$set\":[]}");
        any("singleton list", Collections.singletonList("a"), "[\"a\"]");
        any("singleton map", Collections.singletonMap("a", 1), "{\"a\":1}");
        any("singleton set", Collections.singleton("a"), "{\"$set\":[\"a\"]}");
        any("unmodifiable list", Collections.unmodifiableList(new ArrayList<>(List.of(1))), "[1]");
        any("list of", List.of("a", "b", "c"), "[\"a\",\"b\",\"c\"]");
        any("list of 2", List.of("a", "b"), "[\"a\",\"b\"]");
        any("set of", Set.of("a"), "{\"$set\":[\"a\"]}");
        any("map of", Map.of("a", 1), "{\"a\":1}");
        any("map of none", Map.of(), "{}");
        PriorityQueue<Integer> queue = new PriorityQueue<>(List.of(3, 1, 2));
        any("priority queue", queue, "[1,3,2]");
        BitSet bits = new BitSet();
        bits.set(0);
        bits.set(70);
        any("bit set", bits, "{\"$set\":[0,70]}");

        List<Object> shared = new ArrayList<>();
        List<Object> inner = new ArrayList<>(List.of("in"));
        shared.add(inner);
        shared.add(inner);
        any("shared reference", shared, "[[\"in\"],[\"in\"]]");
        List<Object> cycle = new ArrayList<>();
        cycle.add("a");
        cycle.add(cycle);
        any("cycle", cycle, "[\"a\",{\"$bytes\":\"\",\"$why\":\"Leads back to the java.util.ArrayList that contains it.\"}]");
        List<Object> names = new ArrayList<>();
        names.add(new LinkedList<>(List.of(1)));
        names.add(new ArrayDeque<>(List.of(2)));
        names.add(new LinkedList<>(List.of(3)));
        any("class names", names, "[[1],[2],[3]]");
        Map<String, Object> deep = new HashMap<>();
        deep.put("list", new ArrayList<>(List.of(new HashMap<>(Map.of("x", new BigDecimal("1.5"))))));
        any("nested", deep, "{\"list\":[{\"x\":\"1.5\"}]}");
        any("exception", new IllegalStateException("boom"), "{\"$any\":true}");
        List<Object> failures = new ArrayList<>();
        failures.add(new IllegalStateException("one"));
        failures.add(new IllegalArgumentException("two"));
        failures.add("end");
        any("two exceptions", failures, "{\"$any\":true}");

        any("optional", Optional.of("x"), "\"x\"");
        any("optional empty", Optional.empty(), "null");
        any("optional int", OptionalInt.of(5), "5");
        any("optional int empty", OptionalInt.empty(), "null");
        any("optional long", OptionalLong.of(5), "5");
        any("optional double", OptionalDouble.of(2.5), "2.5");
        any("duration", Duration.ofSeconds(3661, 5), "{\"$class\":\"java.time.Duration\",\"seconds\":3661,\"nanos\":5}");
        any("instant", Instant.ofEpochSecond(1700000000L, 5), "\"2023-11-14T22:13:20.000000005Z\"");
        any("local date", LocalDate.of(2024, 1, 31), "\"2024-01-31\"");
        any("local date negative", LocalDate.of(-5, 1, 31), "\"-0005-01-31\"");
        any("local time", LocalTime.of(23, 59, 58, 1000), "\"23:59:58.000001\"");
        any("local time hour", LocalTime.of(23, 0), "\"23:00:00\"");
        any("local time minute", LocalTime.of(0, 30), "\"00:30:00\"");
        any("local time second", LocalTime.of(0, 0, 7), "\"00:00:07\"");
        any("local date time", LocalDateTime.of(2024, 1, 31, 12, 0), "\"2024-01-31T12:00:00\"");
        any("zone offset", ZoneOffset.ofHours(2), "\"+02:00\"");
        any("zone offset seconds", ZoneOffset.ofTotalSeconds(3723), "\"+01:02:03\"");
        any("zone region", ZoneId.of("Europe/Berlin"), "\"Europe/Berlin\"");
        any("offset time", OffsetTime.of(1, 2, 3, 4, ZoneOffset.UTC), "{\"$class\":\"java.time.OffsetTime\",\"time\":\"01:02:03.000000004\",\"offset\":\"Z\"}");
        any("offset date time", OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 0, ZoneOffset.ofHours(-3)), "{\"$class\":\"java.time.OffsetDateTime\",\"dateTime\":\"2024-01-02T03:04:05\",\"offset\":\"-03:00\"}");
        any("zoned date time", ZonedDateTime.of(2024, 1, 2, 3, 4, 5, 6, ZoneId.of("Europe/Berlin")), zoned());
        any("year", Year.of(2024), "{\"$class\":\"java.time.Year\",\"year\":2024}");
        any("year month", YearMonth.of(2024, 2), "{\"$class\":\"java.time.YearMonth\",\"year\":2024,\"month\":2}");
        any("month day", MonthDay.of(2, 29), "{\"$class\":\"java.time.MonthDay\",\"month\":2,\"day\":29}");
        any("period", Period.of(1, 2, -3), "{\"$class\":\"java.time.Period\",\"years\":1,\"months\":2,\"days\":-3}");
        any("atomic integer", new AtomicInteger(7), "7");
        any("atomic long", new AtomicLong(7), "7");
        any("simple entry", new AbstractMap.SimpleEntry<>("k", 1), "{\"$class\":\"java.util.AbstractMap$SimpleEntry\",\"key\":\"k\",\"value\":1}");
        any("tuple 0", Tuple0.INSTANCE, "[]");
        any("tuple 2", Tuple2.of("k", 1L), "[\"k\",1]");
        any("tuple of nulls", new Tuple3<Object, Object, Object>(null, 2, null), "[null,2,null]");
        any("tuple of tuples", Tuple2.of(Tuple1.of(1), Tuple1.of("x")), "[[1],[\"x\"]]");
        Tuple long12 = new Tuple12<>();
        for (int i = 0; i < 12; i++) long12.setField(i, i);
        any("tuple 12", long12, "[0,1,2,3,4,5,6,7,8,9,10,11]");
        List<Object> twice = new ArrayList<>(List.of(Tuple1.of(7)));
        any("tuple of the same twice", Tuple2.of(twice, twice), "[[[7]],[[7]]]");
        any("tuple array", new Tuple2[] {Tuple2.of(1, "x"), null}, "[[1,\"x\"],null]");
        any("row", Row.of(1, "a"), "[1,\"a\"]");
        any("row of nulls", Row.of((Object) null), "[null]");
        any("row deleted", Row.ofKind(RowKind.DELETE, 2, null), "{\"$kind\":\"-D\",\"fields\":[2,null]}");
        Row row = Row.withNames();
        row.setField("a", 1);
        row.setField("b", null);
        row.setField("c", "x");
        any("row with names", row, "{\"$any\":true}");
        List<Object> rows = new ArrayList<>(List.of(Row.of(Row.ofKind(RowKind.UPDATE_AFTER, 1L)), Row.of()));
        any("rows in a row, shared kinds", rows, "[[{\"$kind\":\"+U\",\"fields\":[1]}],[]]");
        sample("declared row", Row.class, Row.of(1, "x"), "[1,\"x\"]");
        any("charset", StandardCharsets.UTF_8, "{\"$any\":true}");
        any("url", new URL("http://a.b/"), "\"http://a.b/\"");

        sample("declared uuid", UUID.class, new UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\"");
        sample("declared tuple", Tuple2.class, Tuple2.of(1, "x"), "[1,\"x\"]");
        sample("declared array list", ArrayList.class, new ArrayList<>(List.of(1)), "[1]");
        sample("declared big decimal", BigDecimal.class, new BigDecimal("1.5"), "\"1.5\"");
        sample("declared local date", LocalDate.class, LocalDate.of(2024, 1, 31), "\"2024-01-31\"");
    }

    /** Kryo 2 has no TimeSerializers. */
    static boolean kryo5() {
        try {
            Class.forName("com.esotericsoftware.kryo.serializers.TimeSerializers");
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static String pattern() {
        return "{\"$class\":\"java.util.regex.Pattern\",\"pattern\":\"a+b\"" + (kryo5() ? ",\"flags\":2}" : "}");
    }

    static String zoned() {
        String offset = kryo5() ? "" : "\"offset\":\"+01:00\",";
        return "{\"$class\":\"java.time.ZonedDateTime\",\"dateTime\":\"2024-01-02T03:04:05.000000006\"," + offset
                + "\"zone\":\"Europe/Berlin\"}";
    }

    static TreeSet<String> reversed() {
        TreeSet<String> set = new TreeSet<>(Comparator.reverseOrder());
        set.addAll(List.of("a", "b"));
        return set;
    }
}
