package com.acme;

import java.time.Instant;

public class Trade {
    public String account;
    public String currency;
    public Long amount;
    public Instant time;

    public Trade() {}

    public Trade(String account, String currency, Long amount, Instant time) {
        this.account = account;
        this.currency = currency;
        this.amount = amount;
        this.time = time;
    }
}
