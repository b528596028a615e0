package io.cairn.server;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The layers of Cairn, from the ground up: every room (package) and the rooms that it may depend on.
///
/// A room of the core names only rooms that stand above it in the list, so that there are no circles. Rooms that are
/// marked as planned need not exist yet.
final class Layers {
    private static final String ROOT = "io.cairn.";
    private static final String PLANNED = "planned";

    /// Above the engine's side, which no door sees.
    private static final String DOORS_SEE =
            "tenant event schema archive memory knowledge recall refresh text passage follow projection task saga bus"
                    + " ledger table graph client";

    private static final String DOOR = DOORS_SEE + " server.http server.security server.wire server.ops";

    /// Libraries that any adapter may use; SQL is the JDK's, and the sql adapter's alone.
    private static final List<String> EVERYBODY = List.of(
            "java",
            "javax.crypto",
            "javax.net",
            "javax.xml",
            "org.xml.sax",
            "org.w3c.dom",
            "org.slf4j",
            "org.jspecify",
            "tools.jackson",
            "com.fasterxml.jackson.annotation",
            "io.micrometer",
            "reactor");

    private static final Map<String, Set<String>> CORE = places(
            // ground
            "tenant",
            "row",
            "seal: tenant",
            "batch",
            "guard",
            "text: tenant",
            // log
            "event: tenant row seal batch guard",
            "schema: tenant event",
            "archive: tenant row seal batch event",
            "lease: tenant row event guard",
            "aggregate: tenant row event",
            "passage: tenant event text",
            "model: tenant guard",
            // engine
            "follow: tenant row batch event lease guard",
            "projection: tenant row seal batch event lease guard follow",
            "feature: row event schema archive lease follow projection",
            "ledger: tenant row event guard model feature",
            "task: tenant row seal event lease follow guard feature schema",
            "saga: tenant row event follow task feature",
            "bus: tenant row event follow task guard feature schema",
            // use
            "knowledge: tenant row seal event schema text passage feature",
            "memory: tenant row seal event schema text passage feature",
            "table: planned tenant row event saga task passage feature",
            "graph: planned tenant row event projection passage feature",
            "extract: planned tenant event task follow model graph text passage feature",
            "recall: tenant seal event follow projection model passage text guard",
            "refresh: tenant row event lease guard projection model passage recall feature");

    private static final Map<String, Set<String>> OUTSIDE = places(
            "client",
            "cli: client",
            "server.http: tenant event projection follow client",
            "server.security: tenant server.http",
            "server.ops: tenant event guard follow projection recall refresh model ledger task saga bus client"
                    + " server.http server.security",
            "server.wire: " + DOORS_SEE + " server.http server.ops",
            "server.rest: model " + DOOR,
            "server.mcp: " + DOOR,
            "server.openai: guard model " + DOOR,
            "server.hooks: planned " + DOOR,
            "server.console: planned " + DOOR,
            "server.demo: client server server.wiring",
            "server: event archive server.http server.ops server.demo server.wiring");

    /// What each adapter sees of the core.
    private static final Map<String, Set<String>> ADAPTERS = places(
            "adapter.aws",
            "adapter.file: event guard seal",
            "adapter.http: bus",
            "adapter.jsonschema: schema",
            "adapter.lucene: batch event follow model passage projection recall tenant text",
            "adapter.onnx: model",
            "adapter.opennlp: text",
            "adapter.provider: guard model",
            "adapter.redis: event guard model tenant",
            "adapter.sql: event guard lease model passage projection recall row tenant text",
            "adapter.tika: knowledge text");

    /// The libraries for which there is an adapter, which nobody else sees.
    private static final Map<String, Set<String>> LIBRARIES = places(
            "adapter.aws: software.amazon.awssdk",
            "adapter.http: org.apache.hc",
            "adapter.jsonschema: com.networknt com.google.re2j",
            "adapter.lucene: org.apache.lucene com.ibm.icu",
            "adapter.onnx: ai.onnxruntime ai.djl com.ibm.icu",
            "adapter.opennlp: opennlp",
            "adapter.redis: io.lettuce io.netty",
            "adapter.sql: java.sql javax.sql org.sqlite org.jdbi org.flywaydb org.postgresql com.zaxxer",
            "adapter.tika: org.apache.tika org.apache.commons org.apache.james org.commonmark org.apache.pdfbox");

    private Layers() {}

    static Set<String> core() {
        return CORE.keySet();
    }

    /// `event` for `io.cairn.event` and all below it, `server.rest` for `io.cairn.server.rest`.
    static String room(JavaClass type) {
        var names = type.getPackageName().substring(ROOT.length()).split("\\.");
        boolean house = names[0].equals("server") || names[0].equals("adapter");
        return house && names.length > 1 ? names[0] + "." + names[1] : names[0];
    }

    /// What the room of this name must not depend on, and does.
    static List<String> refused(String room, Stream<JavaClass> types) {
        if (isFree(room)) {
            return List.of();
        }
        var allowed = allowed(room);
        var refused = new ArrayList<String>();
        types.flatMap(type -> type.getDirectDependenciesFromSelf().stream()).forEach(dependency -> {
            var target = dependency.getTargetClass().getBaseComponentType();
            if (target.getPackageName().startsWith(ROOT) && !allowed.contains(room(target))) {
                refused.add("%s depends on %s via %s -> %s; allowed: %s"
                        .formatted(
                                room,
                                room(target),
                                dependency.getOriginClass().getName(),
                                target.getName(),
                                String.join(", ", allowed)));
            }
        });
        return refused.stream().distinct().toList();
    }

    /// The wiring knows all, and so do the tools for tests.
    private static boolean isFree(String room) {
        return room.equals("server.wiring") || room.equals("testkit");
    }

    private static Set<String> allowed(String room) {
        var allowed = new TreeSet<String>();
        allowed.add(room);
        Stream.of(CORE, ADAPTERS, OUTSIDE).forEach(places -> allowed.addAll(places.getOrDefault(room, Set.of())));
        return allowed;
    }

    /// Each library that has an adapter, with the packages of those that may see it.
    static Map<String, Set<String>> seesLibrary() {
        var sees = new TreeMap<String, Set<String>>();
        LIBRARIES.forEach((adapter, libraries) -> libraries.forEach(
                library -> sees.computeIfAbsent(library, any -> new TreeSet<>()).add(ROOT + adapter + "..")));
        return sees;
    }

    /// What the adapter of this name needs beside the core, the JDK, the libraries of all and those that it is for.
    static List<String> foreign(String room, Stream<JavaClass> types) {
        var allowed = Stream.concat(EVERYBODY.stream(), LIBRARIES.getOrDefault(room, Set.of()).stream())
                .toList();
        return types.flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                .filter(target ->
                        !target.isPrimitive() && !target.getPackageName().startsWith(ROOT))
                .map(JavaClass::getPackageName)
                .filter(name ->
                        allowed.stream().noneMatch(library -> name.equals(library) || name.startsWith(library + ".")))
                .map(name -> "%s uses %s: name the library in %s".formatted(room, name, Layers.class.getName()))
                .distinct()
                .toList();
    }

    /// Whether the room has a place.
    static boolean knows(String room) {
        return isFree(room) || Stream.of(CORE, ADAPTERS, OUTSIDE).anyMatch(places -> places.containsKey(room));
    }

    private static Map<String, Set<String>> places(String... lines) {
        var places = new LinkedHashMap<String, Set<String>>();
        for (var line : lines) {
            var parts = line.split(": ?", 2);
            places.put(
                    parts[0],
                    parts.length == 1
                            ? Set.of()
                            : Arrays.stream(parts[1].split(" "))
                                    .filter(word -> !word.equals(PLANNED))
                                    .collect(toCollection(TreeSet::new)));
        }
        return places;
    }

    /// The places of the core that name a room which stands below them, or none.
    static List<String> circles() {
        var above = new ArrayList<String>();
        var circles = new ArrayList<String>();
        CORE.forEach((room, allowed) -> {
            allowed.stream()
                    .filter(other -> !above.contains(other))
                    .forEach(other -> circles.add("%s names %s, which does not stand above it".formatted(room, other)));
            above.add(room);
        });
        return circles;
    }
}
