package io.cairn.server.security;

import io.cairn.server.http.Problems;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// The chain through which every request comes in: host, key.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
public class SecurityWiring implements WebMvcConfigurer {
    private static final String CHAIN = "springSecurityFilterChain";
    private static final int AFTER_THE_EDGE = 10;

    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(new ScopeCheck());
    }

    @Bean
    SecurityFilterChain doors(HttpSecurity http, ApiKeys keys, Hosts hosts, Problems problems, MeterRegistry meters) {
        return http.headers(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .securityContext(AbstractHttpConfigurer::disable)
                .addFilterAfter(new HostFilter(hosts, problems), HeaderWriterFilter.class)
                .addFilterAfter(new KeyFilter(keys, problems, meters), HostFilter.class)
                .build();
    }

    /// Ids may hold any character, percent-encoded; what remains forbidden is what could make two readers see two
    /// paths.
    @Bean
    HttpFirewall firewall() {
        var firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowSemicolon(true);
        firewall.setAllowUrlEncodedCarriageReturn(true);
        firewall.setAllowUrlEncodedLineFeed(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        firewall.setAllowNull(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejected(Problems problems) {
        return problems::write;
    }

    @Bean
    DelegatingFilterProxyRegistrationBean chain() {
        var registration = new DelegatingFilterProxyRegistrationBean(CHAIN);
        registration.setOrder(AFTER_THE_EDGE);
        return registration;
    }
}
