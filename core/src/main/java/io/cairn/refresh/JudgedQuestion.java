package io.cairn.refresh;

import io.cairn.event.ExactJson;
import io.cairn.passage.Citation;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A question of an operator's, and where its answer stands.
///
/// @param sources ids of messages or documents
record JudgedQuestion(Tenant tenant, Query query, Set<String> sources) {
    private static final int MAX = 1_000;
    private static final int BYTES_MAX = 4 << 20;

    /// Those of a file with one JSON object a line: `query`, `sources`, and `tenant` if it is not `default`.
    ///
    /// @throws IllegalArgumentException that names file and line if one cannot be understood
    static List<JudgedQuestion> in(Path file) {
        var questions = new ArrayList<JudgedQuestion>();
        int number = 0;
        for (var line : lines(file)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                questions.add(of(ExactJson.mapper().readTree(line)));
            } catch (JacksonException | IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "%s, line %d: a question is {\"query\": …, \"sources\": [ids]}, with \"tenant\" if it is not 'default' (%s)"
                                .formatted(
                                        file,
                                        number,
                                        String.valueOf(e.getMessage())
                                                .lines()
                                                .findFirst()
                                                .orElse("")),
                        e);
            }
        }
        if (questions.isEmpty() || questions.size() > MAX) {
            throw new IllegalArgumentException(
                    "%s holds 1 to %d questions; found %d".formatted(file, MAX, questions.size()));
        }
        return questions;
    }

    private static List<String> lines(Path file) {
        try {
            if (Files.size(file) > BYTES_MAX) {
                throw new IllegalArgumentException("%s is longer than %d bytes".formatted(file, BYTES_MAX));
            }
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(file), e);
        }
    }

    private static JudgedQuestion of(JsonNode json) {
        var sources = new HashSet<String>();
        json.path("sources").forEach(source -> sources.add(source.asString()));
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("it names no sources");
        }
        return new JudgedQuestion(
                Tenant.ofCaller(json.path("tenant").asString("default")),
                Query.of(json.path("query").asString("")),
                Set.copyOf(sources));
    }

    /// The share of its sources among hits.
    double found(List<Hit> hits) {
        var there = new HashSet<String>();
        hits.forEach(hit -> there.add(
                switch (hit.citation()) {
                    case Citation.OfMessage message -> message.messageId();
                    case Citation.OfDocument document -> document.document();
                }));
        return (double) sources.stream().filter(there::contains).count() / sources.size();
    }
}
