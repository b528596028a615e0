package io.cairn.server.http;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// How Spring MVC and Tomcat serve Cairn's doors: one JSON mapper, one place for problems, ids with any character.
@Configuration(proxyBeanMethods = false)
@EnableWebMvc
public class HttpWiring implements WebMvcConfigurer {
    /// A client that sends too much is heard out this far, so that it gets its answer instead of a broken connection.
    private static final int SWALLOWED_BYTES_MAX = 64 << 20;

    private static final int FORM_PARTS_MAX = 200;
    private static final int PART_HEADER_BYTES_MAX = 4096;
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private final Problems problems;

    public HttpWiring(HttpLimits limits) {
        this.problems = new Problems(limits);
    }

    @Bean
    Connections connections() {
        return new Connections();
    }

    @Bean
    Problems problems() {
        return problems;
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters
                .withJsonConverter(new JacksonJsonHttpMessageConverter(Json.mapper()))
                .withStringConverter(new StringHttpMessageConverter(java.nio.charset.StandardCharsets.UTF_8))
                .addCustomConverter(new ByteArrayHttpMessageConverter());
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallArgument());
    }

    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(new KnownParameters()).addPathPatterns("/v1/**");
    }

    @Override
    public void configureHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
        resolvers.add(problems);
    }

    /// An id such as `docs/a.md` comes as `docs%2Fa.md` and has to stay one path segment.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat(Connections connections) {
        return factory -> {
            factory.setProtocol(FairProtocol.class.getName());
            factory.addConnectorCustomizers(connector -> {
                connector.setEncodedSolidusHandling("passthrough");
                connector.setEncodedReverseSolidusHandling("passthrough");
                connector.setMaxPartCount(FORM_PARTS_MAX);
                connector.setMaxPartHeaderSize(PART_HEADER_BYTES_MAX);
                connector.setProperty("maxSwallowSize", Integer.toString(SWALLOWED_BYTES_MAX));
                connector.setProperty("connectionTimeout", Long.toString(SILENCE_MAX.toMillis()));
                connector.setXpoweredBy(false);
                if (connector.getProtocolHandler() instanceof FairProtocol serving) {
                    connections.of(serving);
                }
            });
            factory.addContextCustomizers(context -> {
                if (context.getParent() instanceof org.apache.catalina.core.StandardHost host) {
                    host.setErrorReportValveClass(ProblemValve.class.getName());
                }
            });
        };
    }
}
