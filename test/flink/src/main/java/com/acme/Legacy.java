package com.acme;

/** No POJO (no public constructor without arguments, private fields): Flink leaves it to Kryo's FieldSerializer. */
public class Legacy {
    private final String code;
    private final long count;

    public Legacy(String code, long count) {
        this.code = code;
        this.count = count;
    }

    @Override
    public String toString() {
        return code + count;
    }
}
