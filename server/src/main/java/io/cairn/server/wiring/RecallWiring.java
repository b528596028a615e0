package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.recall.Recall;
import io.cairn.recall.Recalled;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The projections that recall reads, and recall itself. Every `ProjectionHost` that is a bean here is seen by the
/// routes of projections, by health and by the metrics.
@Configuration(proxyBeanMethods = false)
class RecallWiring {
    @Bean
    Recall recall(EventLog log) {
        return (tenant, query) ->
                new Recalled.Answer(List.of(), log.head(log.partition(tenant)).position(), true);
    }
}
