package io.cairn.server;

import io.cairn.server.wiring.CairnWiring;
import io.cairn.server.wiring.SettingsFile;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ConfigurableApplicationContext;

/// Starts the server, or says in one sentence why it cannot.
public final class Serve {
    private static final Logger LOG = LoggerFactory.getLogger("io.cairn");

    private static final List<String> OPTIONS =
            List.of("--data", "--port", "--host", "--config", "--tenant-language", "--log");

    private Serve() {}

    static int run(List<String> args) {
        var settings = Arguments.of(args, OPTIONS).settings();
        try {
            start(settings);
            return 0;
        } catch (RuntimeException e) {
            return StartFailure.told(e);
        }
    }

    /// Starts the server and returns when it listens.
    ///
    /// @param settings such as `--cairn.port=0`
    /// @param more configuration besides the usual
    public static ConfigurableApplicationContext start(List<String> settings, Class<?>... more) {
        var application = new SpringApplication(CairnWiring.class);
        application.addPrimarySources(List.of(more));
        application.setWebApplicationType(WebApplicationType.SERVLET);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addListeners(new LogFormat());
        var file = SettingsFile.of(settings);
        application.addListeners((ApplicationPreparedEvent prepared) -> LOG.info(file.told()));
        return application.run(file.in(settings).toArray(String[]::new));
    }
}
