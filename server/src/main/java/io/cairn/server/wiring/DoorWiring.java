package io.cairn.server.wiring;

import io.cairn.adapter.file.AdminKeyFile;
import io.cairn.adapter.file.DataFolder;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.server.http.ByteAdmission;
import io.cairn.server.http.Edge;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Problems;
import io.cairn.server.mcp.McpLimits;
import io.cairn.server.ops.Health;
import io.cairn.server.security.ApiKey;
import io.cairn.server.security.ApiKeys;
import io.cairn.server.security.Hosts;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.MultipartConfigElement;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/// What the doors need to know of settings and of the data folder.
@Configuration(proxyBeanMethods = false)
class DoorWiring {
    private static final int FORM_BYTES_IN_MEMORY_MAX = 1 << 20;

    @Bean
    HttpLimits limits(CairnSettings settings) {
        return settings.httpLimits();
    }

    @Bean
    McpLimits mcpLimits(CairnSettings settings) {
        return settings.mcpLimits();
    }

    @Bean
    Hosts hosts(CairnSettings settings) {
        return settings.security().knownHosts();
    }

    @Bean
    ApiKeys keys(CairnSettings settings, DataFolder folder, SecureRandom random) {
        var chosen = settings.apiKey();
        var admin = chosen == null ? new AdminKeyFile(DataFiles.adminKey(folder)).readOrCreate(random) : chosen;
        return new ApiKeys(Stream.concat(Stream.of(ApiKey.admin(admin)), settings.security().apiKeys().stream())
                .toList());
    }

    @Bean
    FilterRegistrationBean<Edge> edge(
            HttpLimits limits, Problems problems, MeterRegistry meters, Ids ids, EventLog log) {
        var edge = new FilterRegistrationBean<>(
                new Edge(limits, problems, meters, () -> ids.next().toString(), log));
        edge.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return edge;
    }

    /// Behind the check of keys.
    @Bean
    FilterRegistrationBean<ByteAdmission> admission(HttpLimits limits, Problems problems) {
        var admission = new FilterRegistrationBean<>(new ByteAdmission(limits, problems));
        admission.setOrder(Ordered.LOWEST_PRECEDENCE);
        return admission;
    }

    @Bean
    Listening listening(DataFolder folder, CairnSettings settings, Environment environment, Health health) {
        return new Listening(folder, settings, environment, health);
    }

    @Bean
    MultipartConfigElement multipart(HttpLimits limits, DataFolder folder) {
        return new MultipartConfigElement(
                DataFiles.uploads(folder).toString(),
                limits.uploadBytesMax(),
                limits.uploadBytesMax(),
                FORM_BYTES_IN_MEMORY_MAX);
    }
}
