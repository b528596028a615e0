package io.cairn.server.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What a Prometheus server scrapes.
@RestController
final class MetricsDoor {
    private static final MediaType TEXT = MediaType.parseMediaType("text/plain;version=0.0.4;charset=utf-8");

    private final PrometheusMeterRegistry meters;

    MetricsDoor(PrometheusMeterRegistry meters) {
        this.meters = meters;
    }

    @GetMapping("/metrics")
    ResponseEntity<String> scrape() {
        return ResponseEntity.ok().contentType(TEXT).body(meters.scrape());
    }
}
