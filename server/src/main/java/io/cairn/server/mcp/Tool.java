package io.cairn.server.mcp;

import java.util.Map;

/// Something that a language model can have done.
///
/// What it is told of a tool (what it is for, what goes in, what comes out) stands in the resource `NAME.json`.
interface Tool {
    String name();

    boolean writes();

    /// @throws io.cairn.server.http.Refusal which the model is told in words
    Told call(Caller caller, Map<String, Object> arguments);

    /// What a tool answers, once to be read and once to be computed with.
    ///
    /// @param structured becomes a JSON object, as the tool's output schema has it
    record Told(String text, Object structured) {}
}
