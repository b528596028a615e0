package io.cairn.server.hooks;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The door of webhooks that come in.
@Configuration(proxyBeanMethods = false)
@Import(HooksDoor.class)
public class HooksWiring {}
