package io.cairn.server.rest;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The routes.
@Configuration(proxyBeanMethods = false)
@Import({ConversationsDoor.class, StatusDoor.class, TenantCounts.class})
public class RestWiring {}
