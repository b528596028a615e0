package io.cairn.server.ops;

import io.cairn.bus.Readers;
import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.guard.Breaker;
import io.cairn.recall.Recall;
import io.cairn.saga.Sagas;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskTypes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// Metrics and health.
@Configuration(proxyBeanMethods = false)
@Import({HealthDoor.class, MetricsDoor.class})
public class OpsWiring {
    @Bean
    PrometheusMeterRegistry meters() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    /// What jars of the user's measure is scraped too.
    @Bean
    GlobalMeters globalMeters(PrometheusMeterRegistry meters) {
        return new GlobalMeters(meters);
    }

    @Bean
    Uptime uptime(Clock clock) {
        return new Uptime(clock);
    }

    @Bean
    WriteFailures writeFailures() {
        return new WriteFailures();
    }

    @Bean
    Health health(
            EventLog log,
            LogStorage storage,
            ObjectProvider<Breaker> breakers,
            RunningProjections projections,
            Promised promised,
            Disk disk,
            WriteFailures failures,
            TaskEngine tasks,
            WarmUp warmUp,
            Clock clock) {
        return new Health(
                log,
                storage,
                breakers.orderedStream().toList(),
                projections.followers(),
                promised,
                disk,
                failures,
                tasks,
                warmUp::isDone,
                clock);
    }

    @Bean
    WarmUp warmUp(Recall recall) {
        return new WarmUp(recall);
    }

    @Bean
    Gauges gauges(
            MeterRegistry meters,
            EventLog log,
            LogStorage storage,
            RunningProjections projections,
            ObjectProvider<Breaker> breakers,
            Disk disk) {
        breakers.forEach(breaker -> Gauges.breaker(meters, breaker));
        return new Gauges(meters, log, storage, projections.followers(), disk);
    }

    @Bean
    TaskGauges taskGauges(MeterRegistry meters, EventLog log, TaskTypes types, TaskEngine engine, Clock clock) {
        return new TaskGauges(meters, log, types, engine, System::nanoTime, clock);
    }

    @Bean
    WebhookGauges webhookGauges(MeterRegistry meters, EventLog log, Readers readers) {
        return new WebhookGauges(meters, log, readers, System::nanoTime);
    }

    @Bean
    SagaGauges sagaGauges(MeterRegistry meters, EventLog log, Sagas sagas) {
        return new SagaGauges(meters, log, sagas, System::nanoTime);
    }

    @Bean
    ServerStatus serverStatus(EventLog log, RunningProjections projections) {
        return new ServerStatus(log, projections.followers());
    }
}
