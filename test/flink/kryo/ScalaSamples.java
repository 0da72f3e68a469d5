import java.util.ArrayList;
import java.util.List;
import scala.None$;
import scala.Some;
import scala.Symbol;
import scala.Tuple2;
import scala.Tuple3;
import scala.collection.JavaConverters;
import scala.collection.mutable.Buffer;
import scala.runtime.BoxedUnit;
import scala.util.Left;
import scala.util.Right;

/** The part of the samples that needs Scala on the class path: classes that Chill registers. */
class ScalaSamples {
    static Buffer<Object> buffer(Object... items) {
        return JavaConverters.asScalaBufferConverter(new ArrayList<>(List.of(items))).asScala();
    }

    static void any(String name, Object value, String json) {
        KryoSamples.any(name, value, json);
    }

    static void write() {
        any("some", Some.apply("x"), "\"x\"");
        any("none", None$.MODULE$, "null");
        any("left", Left.apply("l"), "{\"left\":\"l\"}");
        any("right", Right.apply(1), "{\"right\":1}");
        any("tuple2", new Tuple2<>("a", 1), "[\"a\",1]");
        any("tuple3", new Tuple3<>("a", 1, 2L), "[\"a\",1,2]");
        any("tuple2 of longs", new scala.Tuple2$mcJJ$sp(1L, -2L), "[1,-2]");
        any("tuple2 of int and double", new scala.Tuple2$mcID$sp(1, 2.5), "[1,2.5]");
        any("vector", buffer("a", "b").toVector(), "[\"a\",\"b\"]");
        any("list", buffer("a", "b").toList(), "[\"a\",\"b\"]");
        any("nil", scala.collection.immutable.Nil$.MODULE$, "[]");
        any("set of 2", buffer("a", "b").toSet(), "[\"a\",\"b\"]");
        any("set of 1", buffer(1).toSet(), "[1]");
        any("map of 1", new scala.collection.immutable.Map.Map1<>("k", 1), "[[\"k\",1]]");
        any("unit", BoxedUnit.UNIT, "null");
        any("symbol", Symbol.apply("s"), "\"s\"");
        any("wrapped java list", JavaConverters.seqAsJavaListConverter(buffer("a").toList()).asJava(), "{\"$any\":true}");
        any("list of 3", buffer("a", "b", "c").toList(), "[\"a\",\"b\",\"c\"]");
        any("user after scala", new java.util.UUID(1, 2), "\"00000000-0000-0001-0000-000000000002\"");
        any("list buffer", scala.collection.mutable.ListBuffer$.MODULE$.empty().$plus$eq("x"), "[\"x\"]");
        any("mutable map", scala.collection.mutable.HashMap$.MODULE$.empty(), "[]");
        any("bit set", scala.collection.immutable.BitSet$.MODULE$.empty(), "[]");
        any("big decimal of scala", scala.math.BigDecimal$.MODULE$.apply("1.5"), "{\"$any\":true}");
    }
}
