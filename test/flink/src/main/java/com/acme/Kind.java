package com.acme;

/** What happened to an account. */
public enum Kind {
    DEPOSIT,
    WITHDRAWAL,
    NOTE,
    CLOSE
}
