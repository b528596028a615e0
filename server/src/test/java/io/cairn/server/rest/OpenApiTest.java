package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cairn.client.wire.Wire;
import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/// The description and the server say the same.
@SharedCairn
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiTest {
    private static final Set<String> OPERATIONS = Set.of("get", "post", "put", "delete", "patch");

    /// Records that are no bodies: one is generic, and described where it is used.
    private static final Set<String> NOT_DESCRIBED = Set.of("Page");

    /// Schemas of the operator's doors, which have no records on the wire.
    private static final Set<String> OPERATORS = Set.of("Probe", "Health", "HealthPart");

    private final RunningCairn cairn;
    private final JsonNode description;

    OpenApiTest(RunningCairn cairn) {
        this.cairn = cairn;
        this.description = cairn.send(HttpRequest.newBuilder(cairn.uri("/openapi.json")))
                .has(200)
                .json();
    }

    @Test
    void everyRouteIsDescribedAndEveryDescribedRouteIsServed() {
        var served = cairn.bean(RequestMappingHandlerMapping.class).getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getPatternValues().stream()
                        .flatMap(path -> route.getMethodsCondition().getMethods().stream()
                                .map(method -> method.name().toLowerCase(Locale.ROOT) + " " + path)))
                .collect(Collectors.toCollection(TreeSet::new));
        var described = description.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .map(Map.Entry::getKey)
                        .filter(OPERATIONS::contains)
                        .map(method -> method + " " + path.getKey()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described).isEqualTo(served);
    }

    @Test
    void everyRecordOfTheWireIsDescribedFieldByField() {
        var records = new TreeMap<String, Set<String>>();
        new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages(Wire.class.getPackageName())
                        .stream()
                        .filter(JavaClass::isRecord)
                        .map(JavaClass::reflect)
                        .filter(type -> !NOT_DESCRIBED.contains(type.getSimpleName()))
                        .forEach(type -> records.put(type.getSimpleName(), fields(type)));
        var schemas = new TreeMap<String, Set<String>>();
        description.at("/components/schemas").properties().stream()
                .filter(schema -> !OPERATORS.contains(schema.getKey()))
                .forEach(schema -> schemas.put(
                        schema.getKey(),
                        schema.getValue().path("properties").properties().stream()
                                .map(Map.Entry::getKey)
                                .collect(Collectors.toCollection(TreeSet::new))));
        assertThat(records).isNotEmpty();
        assertThat(schemas).isEqualTo(records);
    }

    /// A record around one word stands on the wire as that word.
    private static Set<String> fields(Class<?> type) {
        boolean word = Arrays.stream(type.getDeclaredConstructors())
                .anyMatch(made -> made.isAnnotationPresent(com.fasterxml.jackson.annotation.JsonCreator.class));
        return word
                ? Set.of()
                : Arrays.stream(type.getRecordComponents())
                        .map(RecordComponent::getName)
                        .map(name -> name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatItSaysOfTheItemsOfABatchIsWhatThisServerIsSetTo(@TempDir Path data) {
        try (var small = RunningCairn.startCheaply(data, "--cairn.log.max-batch-size=3")) {
            var schemas = small.get("/openapi.json").json().at("/components/schemas");
            assertThat(List.of(
                            schemas.at("/AppendMessages/properties/messages/maxItems")
                                    .asInt(),
                            schemas.at("/DocumentBatch/properties/documents/maxItems")
                                    .asInt(),
                            schemas.at("/AppendEvents/properties/events/maxItems")
                                    .asInt()))
                    .containsOnly(3);
            assertThat(schemas.at("/NewDocument/properties/tags/maxItems").asInt())
                    .isEqualTo(100);
            var message = "{\"role\":\"user\",\"content\":\"x\"}";
            var body = "{\"messages\":[%s]}";
            small.post(
                            "/v1/conversations/c/messages",
                            body.formatted(String.join(",", Collections.nCopies(3, message))))
                    .has(201);
            small.post(
                            "/v1/conversations/c/messages",
                            body.formatted(String.join(",", Collections.nCopies(4, message))))
                    .has(422);
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        assertThat(references(description))
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                description.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse());
    }

    private static Set<String> references(JsonNode node) {
        return Stream.concat(
                        node.isObject() && node.has("$ref")
                                ? Stream.of(node.path("$ref").asString())
                                : Stream.empty(),
                        node.valueStream().flatMap(child -> references(child).stream()))
                .collect(Collectors.toSet());
    }

    @Test
    void whoeverReadsItLearnsHowToComeInAndUnderWhichLicence() {
        assertThat(description.path("openapi").asString()).startsWith("3.1");
        for (var pointer : new String[] {
            "/info/title", "/info/version", "/info/description", "/info/contact/name", "/info/license/name"
        }) {
            assertThat(description.at(pointer).asString("")).as(pointer).isNotBlank();
        }
        assertThat(description.at("/components/securitySchemes/key/scheme").asString())
                .isEqualTo("bearer");
    }
}
