package com.acme;

public class Balance {
    public double amount;
    public long updatedAt;

    public Balance() {}

    public Balance(double amount, long updatedAt) {
        this.amount = amount;
        this.updatedAt = updatedAt;
    }
}
