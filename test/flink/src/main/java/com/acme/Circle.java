package com.acme;

/** A subclass that the job does not register. */
public class Circle extends Shape {
    public double radius;

    public Circle() {}

    public Circle(String label, double radius) {
        super(label);
        this.radius = radius;
    }
}
