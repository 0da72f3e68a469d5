package com.acme;

import java.io.Serializable;

public class Rate implements Serializable {
    public String currency;
    public double perEuro;

    public Rate() {}

    public Rate(String currency, double perEuro) {
        this.currency = currency;
        this.perEuro = perEuro;
    }
}
