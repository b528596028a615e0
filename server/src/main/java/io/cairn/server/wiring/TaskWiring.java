package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.lease.Leases;
import io.cairn.saga.SagaTasks;
import io.cairn.server.ops.MicrometerTaskMeter;
import io.cairn.task.AppendTask;
import io.cairn.task.DeadLetters;
import io.cairn.task.Schedules;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskProvider;
import io.cairn.task.TaskType;
import io.cairn.task.TaskTypes;
import io.cairn.task.TaskWorker;
import io.cairn.task.Tasks;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Durable tasks: what there is to be done, and the worker who does it.
@Configuration(proxyBeanMethods = false)
class TaskWiring {
    /// Types come from jars, from Cairn itself and from whichever part of it declares some as beans.
    @Bean
    TaskTypes taskTypes(
            CairnSettings settings,
            ObjectProvider<TaskType> declared,
            ObjectProvider<BusTasks> bus,
            SagaTasks sagas,
            Ids ids) {
        var types = new ArrayList<TaskType>();
        types.add(AppendTask.type(TasksSettings.DEFAULT_LANE, CairnFeatures.ALL.reserved(), ids));
        declared.orderedStream().forEach(types::add);
        bus.forEach(found -> types.addAll(found.types()));
        types.addAll(sagas.taskTypes());
        for (var jar : settings.tasks().jars()) {
            ServiceJar.load(jar, TaskProvider.class, "cairn.tasks.jars").forEach(found -> types.addAll(found.types()));
        }
        return new TaskTypes(settings.tasks().allLanes(), types);
    }

    @Bean
    Tasks tasks(EventLog log, TaskTypes types, CairnSettings settings, Ids ids) {
        return new Tasks(log, types, settings.tasks().settings(), ids);
    }

    @Bean
    DeadLetters deadLetters(EventLog log, Tasks tasks) {
        return new DeadLetters(log, tasks);
    }

    @Bean
    Schedules schedules(EventLog log, Tasks tasks, Ids ids) {
        return new Schedules(log, tasks, ids);
    }

    /// The worker closes it.
    @Bean(destroyMethod = "")
    TaskEngine taskEngine(EventLog log, Leases leases, Tasks tasks, Ids ids, MeterRegistry meters) {
        return new TaskEngine(
                log,
                leases,
                tasks,
                ids,
                RandomGenerator.getDefault(),
                System::nanoTime,
                new MicrometerTaskMeter(meters, tasks.types()),
                TaskWorker::begin);
    }

    @Bean
    TaskWorker taskWorker(TaskEngine engine, CairnSettings settings) {
        return TaskWorker.start(engine, settings.tasks().grace());
    }
}
