package com.acme;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** What Avro's compiler would make of the schema below, without its builders. Flink wants its fields to be those of a POJO. */
public class Payment extends SpecificRecordBase {
    public static final Schema SCHEMA$ =
            new Schema.Parser()
                    .parse(
                            """
                            {"type":"record","name":"Payment","namespace":"com.acme","fields":[
                              {"name":"id","type":{"type":"string","avro.java.string":"String"}},
                              {"name":"cents","type":"long"},
                              {"name":"note","type":["null",{"type":"string","avro.java.string":"String"}],"default":null},
                              {"name":"parts","type":{"type":"array","items":"int"}}]}
                            """);

    public String id;
    public long cents;
    public String note;
    public List<Integer> parts;

    public Payment() {}

    public Payment(String id, long cents, String note, List<Integer> parts) {
        this.id = id;
        this.cents = cents;
        this.note = note;
        this.parts = parts;
    }

    public static Schema getClassSchema() {
        return SCHEMA$;
    }

    @Override
    public Schema getSchema() {
        return SCHEMA$;
    }

    @Override
    public Object get(int field) {
        return switch (field) {
            case 0 -> id;
            case 1 -> cents;
            case 2 -> note;
            case 3 -> parts;
            default -> throw new IndexOutOfBoundsException(field);
        };
    }

    @Override
    @SuppressWarnings("unchecked")
    public void put(int field, Object value) {
        switch (field) {
            case 0 -> id = value.toString();
            case 1 -> cents = (Long) value;
            case 2 -> note = value == null ? null : value.toString();
            case 3 -> parts = (List<Integer>) value;
            default -> throw new IndexOutOfBoundsException(field);
        }
    }
}
