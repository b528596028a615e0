package io.cairn.schema;

/// What becomes of events whose type nobody registered.
public enum UnknownTypes {
    PASS,
    REFUSE
}
