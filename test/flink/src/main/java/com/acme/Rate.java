package com.acme;

public class Rate {
    public String currency;
    public double perEuro;

    public Rate() {}

    public Rate(String currency, double perEuro) {
        this.currency = currency;
        this.perEuro = perEuro;
    }
}
