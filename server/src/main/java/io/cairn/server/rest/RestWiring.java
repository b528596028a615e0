package io.cairn.server.rest;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The routes and what they share.
@Configuration(proxyBeanMethods = false)
@Import({
    ConversationsDoor.class,
    DocumentsDoor.class,
    DocumentBatches.class,
    DocumentImport.class,
    RecallDoor.class,
    StreamsDoor.class,
    EventsDoor.class,
    LiveTails.class,
    ProjectionsDoor.class,
    ModelCacheDoor.class,
    ModelsDoor.class,
    TasksDoor.class,
    DeadLettersDoor.class,
    LedgerDoor.class,
    SagasDoor.class,
    SchedulesDoor.class,
    WebhooksDoor.class,
    SubscriptionsDoor.class,
    SchemasDoor.class,
    ArchiveDoor.class,
    StatusDoor.class,
    OpenApiDoor.class
})
public class RestWiring {}
