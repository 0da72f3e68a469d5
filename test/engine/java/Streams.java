import java.io.*;
import java.math.*;
import java.time.*;
import java.util.*;

/** Prints one line `name hex` for each object, as ObjectOutputStream writes it: streams.hex. Run with JDK 17: java Streams.java > streams.hex */
public class Streams {
    enum Color { RED { }, BLUE }
    interface Greeter { String greet(); }
    static class Base implements Serializable { private static final long serialVersionUID = 1; int a = 1; String name = "base"; }
    static class Node extends Base {
        private static final long serialVersionUID = 2;
        long a = 2; Node next; Object[] others; byte[] raw = {1, -1}; boolean z = true; char c = 'x'; short s = -2; float f = 1.5f; double d = -0.0; byte b = -3;
    }
    static class Writer implements Serializable {
        private static final long serialVersionUID = 3;
        int x = 7;
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            out.writeInt(42); out.writeObject("between"); out.writeUTF("tail"); out.write(new byte[2000]);
        }
    }
    static class Outside implements Externalizable {
        private static final long serialVersionUID = 4;
        public Outside() {}
        public void writeExternal(ObjectOutput out) throws IOException { out.writeLong(-5); out.writeObject(List.of("a")); }
        public void readExternal(ObjectInput in) {}
    }
    static class Handler implements java.lang.reflect.InvocationHandler, Serializable {
        private static final long serialVersionUID = 5;
        public Object invoke(Object p, java.lang.reflect.Method m, Object[] a) { return null; }
    }
    static void put(String name, Object... os) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ObjectOutputStream out = new ObjectOutputStream(bytes);
        for (Object o : os) if ("RESET".equals(o)) out.reset(); else out.writeObject(o);
        out.flush();
        System.out.println(name + " " + HexFormat.of().formatHex(bytes.toByteArray()));
    }
    public static void main(String[] args) throws Exception {
        put("nothing", (Object) null);
        put("integer", 42); put("long", Long.MIN_VALUE); put("double", -0.0); put("character", '\ud800'); put("string", "h\u00e9\0\ud83d\ude00");
        put("bigInteger", new BigInteger("-123456789012345678901234567890")); put("bigDecimal", new BigDecimal("12.50"));
        put("date", new Date(-1)); put("sqlTimestamp", Timestamps.of());
        put("arrayList", new ArrayList<>(Arrays.asList(1, null, "x"))); put("arraysAsList", Arrays.asList("a", "b")); put("listOf", List.of(1, 2, 3)); put("setOf", Set.of("one"));
        put("linkedList", new LinkedList<>(List.of("l")));
        put("unmodifiable", Collections.unmodifiableList(new ArrayList<>(List.of("u"))));
        LinkedHashMap<String, Object> m = new LinkedHashMap<>(); m.put("k", 1L); m.put(null, null);
        put("linkedHashMap", m); put("treeMap", new TreeMap<>(Map.of(2, "b", 1, "a"))); put("mapOf", Map.of("k", "v"));
        put("hashSet", new HashSet<>(List.of("s"))); put("linkedHashSet", new LinkedHashSet<>(List.of("z", "a"))); put("treeSet", new TreeSet<>(List.of(3, 1)));
        put("localDate", LocalDate.of(2024, 2, 29)); put("localTime", LocalTime.of(10, 0)); put("localTimeFull", LocalTime.of(1, 2, 3, 4)); put("localDateTime", LocalDateTime.of(1969, 12, 31, 23, 59, 59));
        put("instant", Instant.ofEpochSecond(-1, 5)); put("duration", Duration.ofMillis(1500)); put("zoned", ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneId.of("Europe/Berlin"))); put("offset", OffsetDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.ofHoursMinutes(-5, -30)));
        put("enums", (Object) new Object[] {Color.RED, Color.BLUE, Color.RED}); put("classes", (Object) new Object[] {String.class, int[].class, Color.class, int.class, Object.class});
        put("primitiveArrays", (Object) new Object[] {new boolean[] {true, false}, new char[] {'a'}, new short[] {-1}, new int[] {1, 2}, new long[] {3}, new float[] {0.5f}, new double[] {Double.NaN}, new byte[] {5}, new String[][] {{"q"}, null}});
        Node n = new Node(); n.next = n; n.others = new Object[] {n, "base", n.raw};
        put("cycle", n); put("writer", new Writer()); put("outside", new Outside());
        put("proxy", java.lang.reflect.Proxy.newProxyInstance(Streams.class.getClassLoader(), new Class<?>[] {Greeter.class}, new Handler()));
        put("several", "one", "one", "RESET", "one", 5);
        put("uuid", new UUID(1, -1));
    }
    static class Timestamps { static Object of() { java.util.Calendar.getInstance(); return new java.sql.Timestamp(-1); } }
}
