package io.cairn.server.wire;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// What the doors share.
@Configuration(proxyBeanMethods = false)
@Import({DocumentIntake.class, TenantStatus.class, TenantCounts.class})
public class WireWiring {}
