package io.cairn.server.wiring;

import io.cairn.adapter.file.DataFolder;
import io.cairn.server.ops.Release;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/// Tells people, and whoever finds the folder held, where the server listens.
final class Listening implements ApplicationListener<WebServerInitializedEvent> {
    private static final Logger LOG = LoggerFactory.getLogger("io.cairn");

    private final DataFolder folder;
    private final CairnSettings settings;
    private final Environment environment;

    Listening(DataFolder folder, CairnSettings settings, Environment environment) {
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
                "Cairn {} listens at {}, data in {}",
                Release.version(),
                address,
                folder.path().toAbsolutePath());
        UnknownVariables.among(System.getenv().keySet())
                .forEach(name -> LOG.warn(
                        "The variable {} is ignored, since no setting has that name; docs/CONFIGURATION.md lists all",
                        name));
        if (!encrypted() && !loopback(settings.host())) {
            LOG.warn(
                    "{} is reachable from other machines without TLS: keys and texts can be read on the way; set server.ssl.* or listen at 127.0.0.1",
                    address);
        }
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
