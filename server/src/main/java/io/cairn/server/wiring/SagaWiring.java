package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.saga.SagaProvider;
import io.cairn.saga.SagaTasks;
import io.cairn.saga.SagaType;
import io.cairn.saga.SagaTypes;
import io.cairn.saga.Sagas;
import io.cairn.task.Tasks;
import java.util.ArrayList;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Sagas: which there are, and what is done for them.
@Configuration(proxyBeanMethods = false)
class SagaWiring {
    /// Types come from jars, and from whichever part of Cairn declares some as beans.
    @Bean
    SagaTypes sagaTypes(CairnSettings settings, ObjectProvider<SagaType> declared) {
        var types = new ArrayList<>(declared.orderedStream().toList());
        for (var jar : settings.sagas().jars()) {
            ServiceJar.load(jar, SagaProvider.class, SagasSettings.JARS).forEach(found -> types.addAll(found.sagas()));
        }
        return new SagaTypes(types);
    }

    @Bean
    SagaTasks sagaTasks(
            ObjectProvider<EventLog> log,
            ObjectProvider<Tasks> tasks,
            SagaTypes types,
            Ids ids,
            CairnSettings settings) {
        return new SagaTasks(
                log::getObject,
                tasks::getObject,
                types,
                ids,
                TasksSettings.DEFAULT_LANE,
                settings.sagas().keepEnded());
    }

    /// Refuses to start where a saga is under way that nobody here knows.
    @Bean
    Sagas sagas(EventLog log, SagaTypes types) {
        var sagas = new Sagas(log, types);
        sagas.requireAllKnown();
        return sagas;
    }
}
