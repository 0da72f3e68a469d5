package com.acme;

import java.math.BigDecimal;
import java.time.Instant;

/** Nested, and every field but the identity may be null. */
public class Customer {
    public long id;
    public String name;
    public Address address;
    public Balance balance;
    public BigDecimal limit;
    public Instant since;
    public int[] codes;

    public Customer() {}

    public Customer(long id, String name, Address address, Balance balance, BigDecimal limit, Instant since, int[] codes) {
        this.id = id;
        this.name = name;
        this.address = address;
        this.balance = balance;
        this.limit = limit;
        this.since = since;
        this.codes = codes;
    }
}
