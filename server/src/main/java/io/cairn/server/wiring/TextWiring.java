package io.cairn.server.wiring;

import io.cairn.adapter.opennlp.OpenNlpLanguageDetector;
import io.cairn.adapter.tika.ExtractionLimits;
import io.cairn.adapter.tika.TikaTextExtractor;
import io.cairn.text.LanguageDetector;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who reads files and tells languages.
@Configuration(proxyBeanMethods = false)
class TextWiring {
    @Bean
    TikaTextExtractor extractor() {
        return new TikaTextExtractor(ExtractionLimits.DEFAULT);
    }

    @Bean
    LanguageDetector detector() {
        return new OpenNlpLanguageDetector();
    }
}
