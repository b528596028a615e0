package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import io.cairn.server.ops.Health;
import io.cairn.server.ops.Release;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/// Tells people, and whoever finds the folder held, where the server listens. People are told so once it is
/// ready: who reads it may ask at once.
final class Listening implements ApplicationListener<WebServerInitializedEvent>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.cairn");
    private static final long LOOK_MS = 20;
    private static final long TOLD_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final DataFolder folder;
    private final CairnSettings settings;
    private final Environment environment;
    private final Health health;
    private final CountDownLatch closed = new CountDownLatch(1);

    Listening(DataFolder folder, CairnSettings settings, Environment environment, Health health) {
        this.health = health;
        this.folder = folder;
        this.settings = settings;
        this.environment = environment;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        var scheme = encrypted() ? "https" : "http";
        var address = "%s://%s:%d"
                .formatted(scheme, shown(settings.host()), event.getWebServer().getPort());
        folder.listening(address);
        LOG.info(
                "Cairn {} starts, with its data in {}",
                Release.version(),
                folder.path().toAbsolutePath());
        Thread.ofPlatform().name("cairn-ready").daemon(true).start(() -> tellWhenReady(address));
        UnknownVariables.among(System.getenv().keySet())
                .forEach(name -> LOG.warn(
                        "The variable {} is ignored, since no setting has that name; docs/CONFIGURATION.md lists all",
                        name));
        if (!encrypted() && !loopback(settings.host())) {
            LOG.warn(
                    "{} is reachable from other machines without TLS: keys and texts can be read on the way; set"
                            + " server.ssl.* or listen at 127.0.0.1",
                    address);
        }
    }

    private void tellWhenReady(String address) {
        try {
            long told = System.nanoTime();
            var report = health.now();
            while (report.status() == Health.Status.DOWN) {
                if (closed.await(LOOK_MS, TimeUnit.MILLISECONDS)) {
                    return;
                }
                if (System.nanoTime() - told > TOLD_NANOS) {
                    told = System.nanoTime();
                    LOG.info("It is not ready yet: {}", trouble(report));
                }
                report = health.now();
            }
            LOG.info("Cairn {} is ready and listens at {}", Release.version(), address);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String trouble(Health.Report report) {
        return report.components().stream()
                .filter(part -> part.status() == Health.Status.DOWN)
                .map(part -> "%s: %s".formatted(part.name(), part.detail()))
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        closed.countDown();
    }

    private boolean encrypted() {
        return environment.containsProperty("server.ssl.bundle")
                || environment.containsProperty("server.ssl.key-store")
                || environment.containsProperty("server.ssl.certificate");
    }

    private static String shown(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
