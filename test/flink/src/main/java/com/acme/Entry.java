package com.acme;

/** One line of an account's history. The memo may be null. */
public class Entry {
    public long time;
    public Kind kind;
    public double amount;
    public String memo;

    public Entry() {}

    public Entry(long time, Kind kind, double amount, String memo) {
        this.time = time;
        this.kind = kind;
        this.amount = amount;
        this.memo = memo;
    }
}
