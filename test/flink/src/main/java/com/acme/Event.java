package com.acme;

public class Event {
    public long seq;
    public String account;
    public Kind kind;
    public double amount;
    public long time;

    public Event() {}

    public Event(long seq, String account, Kind kind, double amount, long time) {
        this.seq = seq;
        this.account = account;
        this.kind = kind;
        this.amount = amount;
        this.time = time;
    }
}
