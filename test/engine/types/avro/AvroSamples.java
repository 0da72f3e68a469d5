import org.apache.avro.Schema;
import org.apache.avro.generic.*;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.formats.avro.typeutils.AvroSerializer;
import org.apache.flink.util.InstantiationUtil;
import java.nio.ByteBuffer;
import java.util.*;

/**
 * Prints one line `name snapshot value serializer` for each sample, in hex: samples.hex. `serializer` is the Java-serialized
 * serializer. Run with Flink 2.3.0 (flink-core, flink-core-api, flink-annotations, flink-avro), Avro and Jackson on the class path.
 */
public class AvroSamples {
    static void put(String name, String schemaText, GenericRecord value) throws Exception {
        AvroSerializer<GenericRecord> serializer = new AvroSerializer<>(GenericRecord.class, value.getSchema());
        DataOutputSerializer snapshot = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, serializer.snapshotConfiguration());
        DataOutputSerializer bytes = new DataOutputSerializer(64);
        serializer.serialize(value, bytes);
        HexFormat hex = HexFormat.of();
        System.out.println(name + " " + hex.formatHex(snapshot.getCopyOfBuffer()) + " " + hex.formatHex(bytes.getCopyOfBuffer())
            + " " + hex.formatHex(InstantiationUtil.serializeObject(serializer)));
    }

    public static void main(String[] args) throws Exception {
        String all = "{'type':'record','name':'All','namespace':'a.b','doc':'d','fields':["
            + "{'name':'nothing','type':'null'},{'name':'yes','type':'boolean'},{'name':'i','type':'int'},{'name':'l','type':{'type':'long','logicalType':'timestamp-millis'}},"
            + "{'name':'f','type':'float'},{'name':'d','type':'double','default':1},{'name':'s','type':{'type':'string','avro.java.string':'String'}},{'name':'b','type':'bytes'},"
            + "{'name':'fix','type':{'type':'fixed','name':'Two','size':2}},{'name':'kind','type':{'type':'enum','name':'c.Kind','symbols':['A','B']}},"
            + "{'name':'list','type':{'type':'array','items':'long'}},{'name':'none','type':{'type':'array','items':'c.Kind'}},{'name':'map','type':{'type':'map','values':['null','Two']}},"
            + "{'name':'maybe','type':['null','string']},{'name':'inner','type':{'type':'record','name':'Inner','fields':[{'name':'again','type':'c.Kind'}]}}]}";
        Schema schema = new Schema.Parser().parse(all.replace('\'', '"'));
        GenericRecord r = new GenericData.Record(schema);
        r.put("nothing", null); r.put("yes", true); r.put("i", -2); r.put("l", Long.MAX_VALUE); r.put("f", 0.5f); r.put("d", -0.0); r.put("s", "h\u00e9\ud83d\ude00"); r.put("b", ByteBuffer.wrap(new byte[] {1, 2}));
        Schema fixed = schema.getField("fix").schema(), kind = schema.getField("kind").schema();
        r.put("fix", new GenericData.Fixed(fixed, new byte[] {3, 4})); r.put("kind", new GenericData.EnumSymbol(kind, "B"));
        List<Long> many = new ArrayList<>();
        for (long i = 0; i < 130; i++) many.add(i);
        r.put("list", many); r.put("none", List.of());
        Map<String, Object> map = new TreeMap<>();
        map.put("k", null); map.put("l", new GenericData.Fixed(fixed, new byte[] {5, 6}));
        r.put("map", map); r.put("maybe", "there");
        GenericRecord inner = new GenericData.Record(schema.getField("inner").schema());
        inner.put("again", new GenericData.EnumSymbol(kind, "A"));
        r.put("inner", inner);
        put("all", all, r);

        String tree = "{'type':'record','name':'Tree','fields':[{'name':'value','type':'int'},{'name':'left','type':['null','Tree']},{'name':'right','type':['null','Tree']}]}";
        Schema treeSchema = new Schema.Parser().parse(tree.replace('\'', '"'));
        GenericRecord leaf = new GenericData.Record(treeSchema);
        leaf.put("value", 1);
        GenericRecord root = new GenericData.Record(treeSchema);
        root.put("value", 2); root.put("left", leaf);
        put("tree", tree, root);

        String either = "{'type':'record','name':'Either','fields':[{'name':'a','type':['int','double','string']},{'name':'b','type':['int','double','string']}]}";
        GenericRecord e = new GenericData.Record(new Schema.Parser().parse(either.replace('\'', '"')));
        e.put("a", 1.0); e.put("b", 1);
        put("ambiguous", either, e);
    }
}
