package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.projection.ProjectionHost;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Metrics and health.
@Configuration(proxyBeanMethods = false)
public class OpsWiring {
    @Bean
    PrometheusMeterRegistry meters() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @Bean
    Uptime uptime(Clock clock) {
        return new Uptime(clock);
    }

    @Bean
    ServerStatus serverStatus(EventLog log, ObjectProvider<ProjectionHost<?>> projections) {
        return new ServerStatus(log, projections.orderedStream().toList());
    }
}
