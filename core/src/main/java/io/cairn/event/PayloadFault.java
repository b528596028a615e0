package io.cairn.event;

import org.jspecify.annotations.Nullable;

/// What is wrong with the payload of one event of a unit of work.
///
/// @param event its index among all events of the unit, from 0
/// @param code such as `schema_violated` or `schema_unknown`
/// @param pointer the place in the payload, as a JSON pointer; null if the fault is the event's type or version
/// @param detail a sentence
public record PayloadFault(
        int event,
        String code,
        @Nullable String pointer,
        String detail,
        @Nullable String found,
        @Nullable String allowed) {}
