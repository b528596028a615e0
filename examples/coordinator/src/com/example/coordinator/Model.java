package com.example.coordinator;

/// A language model, of which one call at a time is made for a session.
@FunctionalInterface
interface Model {
    String answer(String session, String said) throws Exception;
}
