package io.cairn.server;

import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;

/// Turns `cairn.logging.format=json` into Boot's structured log before the first line is written.
final class LogFormat implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {
    /// After the settings were read, before logging begins.
    private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 15;

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        var environment = event.getEnvironment();
        if ("json".equalsIgnoreCase(environment.getProperty("cairn.logging.format"))) {
            environment
                    .getPropertySources()
                    .addLast(new MapPropertySource(
                            "cairn-log-format", Map.of("logging.structured.format.console", "logstash")));
        }
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
