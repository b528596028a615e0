package io.cairn.server.ops;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Whether the server lives, may be sent requests, and how each part of it does.
@RestController
@RequestMapping("/health")
final class HealthDoor {
    private final Health health;
    private final Uptime uptime;

    HealthDoor(Health health, Uptime uptime) {
        this.health = health;
        this.uptime = uptime;
    }

    /// What probes are told: no more than whether, and where it fails.
    ///
    /// @param failing the parts for whose sake no requests should come
    /// @param degraded the parts that do less than they should, while all promises are kept
    record Probe(String status, List<String> failing, List<String> degraded) {}

    /// What operators are told.
    record Detailed(String status, String version, long uptimeMs, List<Part> components) {}

    /// One part.
    record Part(
            String name,
            String status,
            double latencyMs,
            @Nullable String detail,
            Map<String, Long> figures) {}

    @GetMapping("/live")
    Probe live() {
        return new Probe("up", List.of(), List.of());
    }

    @GetMapping("/ready")
    ResponseEntity<Probe> ready() {
        var report = health.now();
        return ResponseEntity.status(code(report))
                .body(new Probe(
                        word(report.status()),
                        named(report, Health.Status.DOWN),
                        named(report, Health.Status.DEGRADED)));
    }

    private static List<String> named(Health.Report report, Health.Status status) {
        return report.components().stream()
                .filter(component -> component.status() == status)
                .map(Health.Component::name)
                .toList();
    }

    @GetMapping("/detailed")
    ResponseEntity<Detailed> detailed() {
        var report = health.recent();
        var parts = report.components().stream().map(HealthDoor::part).toList();
        return ResponseEntity.status(code(report))
                .body(new Detailed(word(report.status()), Release.version(), uptime.millis(), parts));
    }

    private static Part part(Health.Component component) {
        return new Part(
                component.name(),
                word(component.status()),
                component.latencyMs(),
                component.detail(),
                component.figures());
    }

    private static int code(Health.Report report) {
        return report.status() == Health.Status.DOWN ? 503 : 200;
    }

    private static String word(Health.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
