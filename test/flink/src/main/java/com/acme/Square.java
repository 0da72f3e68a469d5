package com.acme;

/** A subclass that the job registers, so that the snapshot knows it by a tag. */
public class Square extends Shape {
    public int side;

    public Square() {}

    public Square(String label, int side) {
        super(label);
        this.side = side;
    }
}
