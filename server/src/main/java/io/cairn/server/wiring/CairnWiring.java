package io.cairn.server.wiring;

import io.cairn.server.hooks.HooksWiring;
import io.cairn.server.http.HttpWiring;
import io.cairn.server.mcp.McpWiring;
import io.cairn.server.openai.OpenAiWiring;
import io.cairn.server.ops.OpsWiring;
import io.cairn.server.rest.RestWiring;
import io.cairn.server.security.SecurityWiring;
import io.cairn.server.wire.WireWiring;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.context.annotation.Import;

/// The whole server. What it is made of is named, not searched for, which is also the faster start.
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    PropertyPlaceholderAutoConfiguration.class,
    SslAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class
})
@EnableConfigurationProperties(CairnSettings.class)
@Import({
    LogWiring.class,
    TextWiring.class,
    ModelsWiring.class,
    RecallWiring.class,
    ProjectionsWiring.class,
    RefreshWiring.class,
    UseCaseWiring.class,
    TaskWiring.class,
    BusWiring.class,
    SagaWiring.class,
    DoorWiring.class,
    HttpWiring.class,
    SecurityWiring.class,
    WireWiring.class,
    RestWiring.class,
    OpsWiring.class,
    McpWiring.class,
    HooksWiring.class,
    OpenAiWiring.class
})
public class CairnWiring {}
