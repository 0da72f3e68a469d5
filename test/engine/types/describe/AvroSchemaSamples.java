import org.apache.avro.Schema;

/** Prints schemas and what `Schema.toString(false)` makes of them, one line each: avro-schemas.txt. Run with Avro 1.11 on the class path. */
public class AvroSchemaSamples {
    public static void main(String[] args) {
        for (String given : new String[] {
            "\"string\"", "{\"type\":\"string\"}", "{\"type\":\"string\",\"avro.java.string\":\"String\"}", "[\"null\",\"long\"]",
            "{\"type\":\"array\",\"items\":{\"type\":\"map\",\"values\":\"bytes\"},\"java-class\":\"java.util.List\"}",
            "{\"fields\":[],\"name\":\"a.b.C\",\"type\":\"record\"}",
            "{\"type\":\"record\",\"namespace\":\"a.b\",\"name\":\"C\",\"aliases\":[\"D\",\"x.E\"],\"doc\":\"of \\\"it\\\"\",\"fields\":["
                + "{\"type\":\"int\",\"name\":\"i\",\"default\":3,\"doc\":\"d\",\"order\":\"descending\",\"aliases\":[\"j\"],\"own\":{\"k\":[1,2.5,null]}},"
                + "{\"name\":\"self\",\"type\":[\"null\",\"C\"],\"default\":null},{\"name\":\"e\",\"order\":\"ascending\",\"type\":{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"],\"default\":\"A\",\"doc\":\"e\"}},"
                + "{\"name\":\"f\",\"type\":{\"type\":\"fixed\",\"name\":\"x.y.F\",\"size\":3,\"logicalType\":\"decimal\",\"precision\":4,\"scale\":2}},{\"name\":\"again\",\"type\":\"x.y.F\"},"
                + "{\"name\":\"inner\",\"type\":{\"type\":\"record\",\"name\":\"Inner\",\"fields\":[{\"name\":\"up\",\"type\":\"a.b.E\"}]}},"
                + "{\"name\":\"other\",\"type\":{\"type\":\"record\",\"name\":\"Other\",\"namespace\":\"z\",\"fields\":[{\"name\":\"c\",\"type\":\"a.b.C\"},{\"name\":\"inner\",\"type\":\"a.b.Inner\"}]}},{\"name\":\"o\",\"type\":\"z.Other\"}],\"since\":\"1\"}",
            "{\"type\":\"record\",\"name\":\"Plain\",\"fields\":[{\"name\":\"in\",\"type\":{\"type\":\"record\",\"name\":\"n.In\",\"fields\":[{\"name\":\"p\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"Q\",\"namespace\":\"\",\"fields\":[]}]}]}},{\"name\":\"q\",\"type\":\"Q\"}]}",
            "{\"type\":\"record\",\"name\":\"T\",\"namespace\":\"t\",\"fields\":[{\"name\":\"at\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},{\"name\":\"d\",\"type\":{\"type\":\"bytes\",\"scale\":2,\"precision\":9,\"logicalType\":\"decimal\"}},"
                + "{\"name\":\"x\",\"type\":\"double\",\"default\":1.5},{\"name\":\"y\",\"type\":\"double\",\"default\":1.0},{\"name\":\"s\",\"type\":\"string\",\"default\":\"\\u00e9\\n\"},{\"name\":\"b\",\"type\":\"boolean\",\"default\":false},{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":\"int\"},\"default\":[]}]}",
        }) System.out.println(given + "\t" + new Schema.Parser().parse(given).toString(false));
    }
}
