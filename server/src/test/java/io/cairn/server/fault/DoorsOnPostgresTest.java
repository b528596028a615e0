package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.server.SharedCairn;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/// The tests of the doors that share a server, once more with that server on PostgreSQL and pgvector.
@Tag("fault")
class DoorsOnPostgresTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    /// Servers with and without the model would not share a database.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDoorsDoOnPostgresWhatTheyDoOnTheEmbeddedStore(boolean understanding) {
        DATABASE.bare();
        var settings = Stream.of(
                        "--cairn.store.url=" + DATABASE.url(),
                        "--cairn.store.user=" + DATABASE.server().user(),
                        "--cairn.store.password=" + DATABASE.server().password(),
                        "--cairn.recall.dense=pgvector")
                .collect(Collectors.joining("\n"));
        var doors = ReflectionSupport.findAllClassesInPackage(
                "io.cairn.server", type -> shares(type, understanding), name -> true);
        var summary = new SummaryGeneratingListener();

        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(doors.stream()
                                        .map(DiscoverySelectors::selectClass)
                                        .toList())
                                .configurationParameter(SharedCairn.SETTINGS, settings)
                                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                                .build(),
                        summary);

        var failures = new StringWriter();
        summary.getSummary().printFailuresTo(new PrintWriter(failures), 20);
        assertThat(failures.toString()).isEmpty();
        assertThat(summary.getSummary().getTestsSucceededCount()).isGreaterThan(20);
    }

    private static boolean shares(Class<?> type, boolean understanding) {
        var shared = type.getAnnotation(SharedCairn.class);
        return shared != null && shared.understanding() == understanding;
    }
}
