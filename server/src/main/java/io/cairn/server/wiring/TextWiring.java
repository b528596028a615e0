package io.cairn.server.wiring;

import io.cairn.knowledge.LanguageDetector;
import io.cairn.knowledge.TextExtractor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who reads files and tells languages.
@Configuration(proxyBeanMethods = false)
class TextWiring {
    @Bean
    TextExtractor extractor() {
        return TextExtractor.plainText();
    }

    @Bean
    LanguageDetector detector() {
        return LanguageDetector.undecided();
    }
}
