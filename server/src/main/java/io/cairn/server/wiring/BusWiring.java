package io.cairn.server.wiring;

import io.cairn.adapter.http.HttpSender;
import io.cairn.bus.Deliveries;
import io.cairn.bus.Dispatcher;
import io.cairn.bus.DispatcherLoop;
import io.cairn.bus.Endpoints;
import io.cairn.bus.EventBus;
import io.cairn.bus.EventHandlerProvider;
import io.cairn.bus.HookMapping;
import io.cairn.bus.Hooks;
import io.cairn.bus.Readers;
import io.cairn.bus.Sender;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.guard.Loop;
import io.cairn.server.ops.MicrometerBus;
import io.cairn.server.ops.MicrometerDeliveries;
import io.cairn.task.TaskType;
import io.cairn.task.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who is told of events, and whose webhooks come in.
@Configuration(proxyBeanMethods = false)
class BusWiring {
    @Bean
    EventBus eventBus(EventLog log, MeterRegistry meters, CairnSettings settings) {
        var bus = new EventBus(log, new MicrometerBus(meters));
        try {
            for (var jar : settings.bus().jars()) {
                ServiceJar.load(jar, EventHandlerProvider.class, CairnSettings.Bus.JARS)
                        .forEach(found -> subscribe(bus, jar, found));
            }
        } catch (RuntimeException e) {
            bus.close();
            throw e;
        }
        return bus;
    }

    private static void subscribe(EventBus bus, Path jar, EventHandlerProvider provider) {
        try {
            provider.subscribe(bus);
        } catch (RuntimeException | LinkageError e) {
            throw new JarException("What %s brings cannot subscribe to events: %s".formatted(jar, e), e);
        }
    }

    @Bean
    Readers readers(EventLog log, Ids ids) {
        return new Readers(log, ids);
    }

    @Bean
    Sender sender(CairnSettings settings, Clock clock) {
        var webhooks = settings.webhooks();
        return new HttpSender(webhooks.rules(), webhooks.connections(), clock);
    }

    @Bean
    Endpoints endpoints(EventLog log, Sender sender, Ids ids, SecureRandom random, CairnSettings settings) {
        return new Endpoints(log, sender, ids, random, settings.webhooks().formerSecret());
    }

    @Bean
    Deliveries deliveries(
            EventLog log,
            Endpoints endpoints,
            Sender sender,
            Ids ids,
            SecureRandom random,
            CairnSettings settings,
            MeterRegistry meters) {
        return new Deliveries(
                () -> log,
                () -> endpoints,
                sender,
                ids,
                random,
                System::nanoTime,
                settings.webhooks().settings(),
                new MicrometerDeliveries(meters));
    }

    /// What tasks do for webhooks, both ways.
    @Bean
    BusTasks busTasks(CairnSettings settings, Deliveries deliveries, EventLog log, Clock clock) {
        var types = new ArrayList<TaskType>();
        types.add(deliveries.taskType());
        settings.hooks()
                .forEach((name, hook) -> types.add(Hooks.taskType(
                        hook.hook(name),
                        TasksSettings.HOOKS_LANE,
                        () -> log,
                        new HookMapping(hook.event(), hook.stream(), () -> log, clock))));
        return new BusTasks(types);
    }

    @Bean
    Dispatcher dispatcher(EventLog log, Tasks tasks, Deliveries deliveries, CairnSettings settings) {
        return new Dispatcher(log, tasks, deliveries, settings.webhooks().settings());
    }

    @Bean
    Loop webhooksLoop(EventLog log, Dispatcher dispatcher) {
        return DispatcherLoop.start(log, dispatcher);
    }

    @Bean
    Hooks hooks(EventLog log, Tasks tasks, Ids ids, CairnSettings settings) {
        return new Hooks(
                log,
                tasks,
                ids,
                settings.hooks().entrySet().stream()
                        .map(each -> each.getValue().hook(each.getKey()))
                        .toList());
    }
}
