package com.acme;

public class Shape {
    public String label;

    public Shape() {}

    public Shape(String label) {
        this.label = label;
    }
}
