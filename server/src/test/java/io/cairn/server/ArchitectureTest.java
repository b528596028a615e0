package io.cairn.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cairn.event.PartitionUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The walls of the house: who may know whom.
class ArchitectureTest {
    private static final JavaClasses CAIRN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("/test/"))
            .importPackages("io.cairn");

    private static final String[] CORE =
            Layers.core().stream().map(room -> "io.cairn." + room + "..").toArray(String[]::new);
    private static final String[] DOORS = {
        "io.cairn.server.wire..",
        "io.cairn.server.rest..",
        "io.cairn.server.mcp..",
        "io.cairn.server.openai..",
        "io.cairn.server.hooks..",
        "io.cairn.server.console.."
    };

    /// What stores, seals, orders and feeds events, in the name of no caller.
    private static final Set<String> ENGINES_SIDE = Set.of(
            "LogStorage",
            "ReadSnapshot",
            "WriteTransaction",
            "PartitionUnit",
            "PartitionWriter",
            "LogFeed",
            "StoredEvent");

    @Test
    void everyRoomOfTheHouseIsLookedAt() {
        for (var room : new String[] {
            "io.cairn.event",
            "io.cairn.aggregate",
            "io.cairn.memory",
            "io.cairn.recall",
            "io.cairn.adapter.sql",
            "io.cairn.adapter.lucene",
            "io.cairn.adapter.file",
            "io.cairn.client.wire",
            "io.cairn.server.rest",
            "io.cairn.server.wiring"
        }) {
            assertThat(CAIRN.containPackage(room)).as(room).isTrue();
        }
        assertThat(CAIRN.size()).isGreaterThan(200);
    }

    @Test
    void everyRoomHasAPlaceInTheLayers() {
        var homeless = rooms().keySet().stream()
                .filter(room -> !Layers.knows(room))
                .map(room ->
                        "The package io.cairn.%s has no place in the layers: add it to the table in %s with what it may depend on, and to docs/architecture.md"
                                .formatted(room, Layers.class.getName()));
        assertThat(homeless).isEmpty();
    }

    @Test
    void everyRoomDependsOnlyOnWhatItMay() {
        var refused = rooms().entrySet().stream()
                .flatMap(room -> Layers.refused(room.getKey(), room.getValue().stream()).stream());
        assertThat(refused).isEmpty();
    }

    @Test
    void theRoomsOfTheCoreDoNotNeedEachOtherInACircle() {
        assertThat(Layers.circles()).isEmpty();
    }

    @Test
    void aRoomWithoutAPlaceIsFound() {
        assertThat(Layers.knows("loft")).isFalse();
        assertThat(Layers.knows("adapter.loft")).isFalse();
        assertThat(Layers.refused("loft", CAIRN.stream()).getFirst())
                .startsWith("loft depends on")
                .contains("allowed: loft");
    }

    @Test
    void noDoorSeesTheEnginesSideOfTheLog() {
        var engine = resideInAPackage("io.cairn.event..")
                .and(DescribedPredicate.describe(
                        "are on the engine's side of the log", type -> ENGINES_SIDE.contains(type.getSimpleName())));
        assertThat(CAIRN.that(engine)).isNotEmpty();
        noClasses()
                .that()
                .resideInAnyPackage(DOORS)
                .should()
                .dependOnClassesThat(engine)
                .check(CAIRN);
    }

    private static Map<String, List<JavaClass>> rooms() {
        return CAIRN.stream().collect(groupingBy(Layers::room));
    }

    @Test
    void theCoreKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(DescribedPredicate.not(resideInAnyPackage(Stream.concat(
                                        Stream.of(
                                                "java..",
                                                "javax.crypto..",
                                                "org.jspecify..",
                                                "tools.jackson..",
                                                "com.fasterxml.jackson.annotation.."),
                                        Arrays.stream(CORE))
                                .toArray(String[]::new)))
                        .as("anything but the JDK, JSpecify, Jackson and itself"))
                .check(CAIRN);
    }

    @Test
    void onlyTheEngineWritesToAPartitionInNobodysName() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.cairn.event..",
                        "io.cairn.lease..",
                        "io.cairn.follow..",
                        "io.cairn.projection..",
                        "io.cairn.task..",
                        "io.cairn.bus..",
                        "io.cairn.ledger..",
                        "io.cairn.refresh..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(PartitionUnit.class)
                .check(CAIRN);
    }

    @Test
    void adaptersDoNotSeeEachOther() {
        slices().matching("io.cairn.adapter.(*)..")
                .should()
                .notDependOnEachOther()
                .check(CAIRN);
    }

    @Test
    void onlyTheWiringSeesAdapters() {
        noClasses()
                .that()
                .resideInAPackage("io.cairn.server..")
                .and()
                .resideOutsideOfPackages("io.cairn.server.wiring..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cairn.adapter..")
                .check(CAIRN);
    }

    @Test
    void nobodyNeedsTheWiringButTheCommandsThatStartIt() {
        noClasses()
                .that()
                .resideInAPackage("io.cairn.server.*..")
                .and()
                .resideOutsideOfPackages("io.cairn.server.wiring..", "io.cairn.server.demo..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cairn.server.wiring..")
                .check(CAIRN);
    }

    @Test
    void aLibraryThatHasAnAdapterStaysInIt() {
        assertThat(Layers.seesLibrary())
                .allSatisfy((library, adapters) -> noClasses()
                        .that()
                        .resideOutsideOfPackages(adapters.toArray(String[]::new))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(library + "..")
                        .check(CAIRN));
    }

    @Test
    void anAdapterUsesTheLibrariesThatItIsForAndNoOther() {
        var foreign = rooms().entrySet().stream()
                .filter(room -> room.getKey().startsWith("adapter."))
                .flatMap(room -> Layers.foreign(room.getKey(), room.getValue().stream()).stream());
        assertThat(foreign).isEmpty();
    }

    @Test
    void adaptersAndTheClientKnowNoDoor() {
        noClasses()
                .that()
                .resideInAnyPackage("io.cairn.adapter..", "io.cairn.client..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cairn.server..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideInAPackage("io.cairn.client..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CORE)
                .check(CAIRN);
    }
}
