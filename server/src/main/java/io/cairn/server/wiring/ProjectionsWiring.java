package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.lease.Leases;
import io.cairn.projection.RunningIndex;
import io.cairn.projection.RunningProjection;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.LexicalIndex;
import io.cairn.saga.Sagas;
import io.cairn.server.ops.RunningProjections;
import io.cairn.task.Tasks;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/// What follows the log: the projections that the user brings, beside Cairn's own, and the reactions.
@Configuration(proxyBeanMethods = false)
class ProjectionsWiring {
    /// Of this process alone. Where nothing is shared nobody asks for them, and the node gives no signs of life.
    @Bean
    @Lazy
    Leases leases(EventLog log, CairnSettings settings, Ids ids) {
        return new Leases(log, "node-" + ids.next(), settings.projections().leaseSettings(), System::nanoTime).start();
    }

    @Bean
    SharedProjections sharedProjections(
            EventLog log, CairnSettings settings, ObjectProvider<Leases> leases, Clock clock) {
        var taken = new HashSet<>(Set.of("lexical", "dense"));
        taken.addAll(log.inline().names());
        return SharedProjections.start(
                ProjectionJars.load(settings.projections().jars(), taken),
                log,
                leases::getObject,
                settings.projections().rowSettings(),
                clock);
    }

    @Bean
    RunningReactions runningReactions(
            Sagas sagas, Tasks tasks, EventLog log, ObjectProvider<Leases> leases, Clock clock) {
        return RunningReactions.start(CairnFeatures.ALL, sagas.reactions(tasks), log, leases::getObject, clock);
    }

    @Bean
    RunningProjections runningProjections(
            RunningIndex<LexicalIndex> lexical,
            RunningIndex<DenseIndex> dense,
            SharedProjections shared,
            RunningReactions reactions) {
        return new RunningProjections(
                Stream.<RunningProjection>concat(Stream.of(lexical, dense), shared.all().stream())
                        .toList(),
                List.copyOf(reactions.all()));
    }
}
