package io.cairn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Texts, questions, and which texts answer which question.
///
/// A folder of JSON lines: `corpus` {id, group, title, text, lang, meta}, `queries` {id, group, text, meta} and `qrels`
/// {query_id, doc_id, relevance}, each `.jsonl` or `.jsonl.gz`. A group is a store of its own: its questions are
/// answered from its texts only.
///
/// @param answers by question, the texts with their grade; only grades above 0
record DataSet(String name, List<Text> texts, List<Question> questions, Map<String, Map<String, Integer>> answers) {
    private static final JsonMapper JSON = JsonMapper.shared();

    record Text(String id, String group, String title, String text, String language, JsonNode meta) {
        boolean isTurn() {
            return meta.path("speaker").isString();
        }

        /// The title, if there is one, and the text.
        String whole() {
            return (title + "\n" + text).strip();
        }
    }

    record Question(String id, String group, String text, JsonNode meta) {
        String category() {
            return meta.path("category").asString("all");
        }
    }

    DataSet {
        texts = List.copyOf(texts);
        questions = List.copyOf(questions);
    }

    static DataSet read(Path folder) {
        var answers = new HashMap<String, Map<String, Integer>>();
        for (var row : rows(folder, "qrels")) {
            int grade = row.path("relevance").asInt();
            if (grade > 0) {
                answers.computeIfAbsent(row.path("query_id").asString(), id -> new LinkedHashMap<>())
                        .put(row.path("doc_id").asString(), grade);
            }
        }
        return new DataSet(
                String.valueOf(folder.getFileName()),
                rows(folder, "corpus").stream().map(DataSet::text).toList(),
                rows(folder, "queries").stream()
                        .map(DataSet::question)
                        .filter(question -> answers.containsKey(question.id()))
                        .toList(),
                answers);
    }

    String language() {
        return texts.getFirst().language();
    }

    private static Text text(JsonNode row) {
        return new Text(
                row.path("id").asString(),
                row.path("group").asString(""),
                row.path("title").asString(""),
                row.path("text").asString(),
                row.path("lang").asString("en"),
                row.path("meta"));
    }

    private static Question question(JsonNode row) {
        return new Question(
                row.path("id").asString(),
                row.path("group").asString(""),
                row.path("text").asString(),
                row.path("meta"));
    }

    private static List<JsonNode> rows(Path folder, String part) {
        try (var lines = new BufferedReader(new InputStreamReader(open(folder.resolve(part + ".jsonl")), UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank())
                    .map(JSON::readTree)
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "%s holds no readable %s.jsonl or %s.jsonl.gz".formatted(folder, part, part), e);
        }
    }

    private static InputStream open(Path file) throws IOException {
        return Files.exists(file)
                ? Files.newInputStream(file)
                : new GZIPInputStream(Files.newInputStream(file.resolveSibling(file.getFileName() + ".gz")));
    }
}
