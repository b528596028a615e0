package io.cairn.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.cairn.event.PartitionUnit;
import org.junit.jupiter.api.Test;

/// The walls of the house: who may know whom.
class ArchitectureTest {
    private static final JavaClasses CAIRN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.cairn");

    private static final String[] CORE = {
        "io.cairn.tenant..",
        "io.cairn.row..",
        "io.cairn.seal..",
        "io.cairn.batch..",
        "io.cairn.guard..",
        "io.cairn.event..",
        "io.cairn.aggregate..",
        "io.cairn.lease..",
        "io.cairn.follow..",
        "io.cairn.projection..",
        "io.cairn.model..",
        "io.cairn.memory..",
        "io.cairn.knowledge..",
        "io.cairn.recall..",
        "io.cairn.text..",
        "io.cairn.passage..",
        "io.cairn.schema.."
    };
    private static final String[] DATABASES = {
        "java.sql..", "javax.sql..", "org.sqlite..", "org.jdbi..", "org.flywaydb.."
    };

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
    void theRoomsOfTheCoreDoNotNeedEachOtherInACircle() {
        slices().matching(
                        "io.cairn.(tenant|row|seal|event|schema|aggregate|lease|projection|model|memory|knowledge|text|passage|recall)..")
                .should()
                .beFreeOfCycles()
                .check(CAIRN);
    }

    @Test
    void theCoreKnowsNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.not(resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "org.jspecify..",
                                "tools.jackson..",
                                "com.fasterxml.jackson.annotation..",
                                "io.cairn.tenant..",
                                "io.cairn.row..",
                                "io.cairn.seal..",
                                "io.cairn.batch..",
                                "io.cairn.guard..",
                                "io.cairn.event..",
                                "io.cairn.aggregate..",
                                "io.cairn.schema..",
                                "io.cairn.lease..",
                                "io.cairn.follow..",
                                "io.cairn.projection..",
                                "io.cairn.model..",
                                "io.cairn.memory..",
                                "io.cairn.knowledge..",
                                "io.cairn.text..",
                                "io.cairn.passage..",
                                "io.cairn.recall.."))
                        .as("anything but the JDK, JSpecify, Jackson and itself"))
                .check(CAIRN);
        noClasses()
                .that()
                .resideInAnyPackage(CORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DATABASES)
                .check(CAIRN);
    }

    @Test
    void recallKnowsPassagesButNotWhereTheyComeFrom() {
        noClasses()
                .that()
                .resideInAnyPackage("io.cairn.recall..", "io.cairn.passage..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.cairn.memory..", "io.cairn.knowledge..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideInAnyPackage("io.cairn.text..", "io.cairn.passage..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.cairn.recall..")
                .check(CAIRN);
    }

    @Test
    void onlyTheEngineWritesToAPartitionInNobodysName() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "io.cairn.event..", "io.cairn.lease..", "io.cairn.follow..", "io.cairn.projection..")
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
    void databasesAndIndexesStayInTheirAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.sql..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DATABASES)
                .check(CAIRN);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.lucene..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.lucene..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.onnx..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("ai.onnxruntime..", "ai.djl..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.tika..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.tika..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.jsonschema..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.networknt..", "com.google.re2j..")
                .check(CAIRN);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cairn.adapter.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.hc..")
                .check(CAIRN);
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
