package com.acme;

import java.util.Objects;

/** A key: its hash is what its class says, so it must be the same in every JVM. */
public class Device {
    public String vendor;
    public int model;

    public Device() {}

    public Device(String vendor, int model) {
        this.vendor = vendor;
        this.model = model;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Device device && device.model == model && device.vendor.equals(vendor);
    }

    @Override
    public int hashCode() {
        return Objects.hash(vendor, model);
    }
}
