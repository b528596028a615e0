package io.cairn.server.wiring;

import io.cairn.adapter.opennlp.OpenNlpLanguageDetector;
import io.cairn.adapter.tika.TikaTextExtractor;
import io.cairn.text.LanguageDetector;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who reads files and tells languages.
@Configuration(proxyBeanMethods = false)
class TextWiring {
    @Bean
    TikaTextExtractor extractor(CairnSettings settings) {
        return new TikaTextExtractor(
                settings.extraction().limits(settings.limits().upload()));
    }

    @Bean
    LanguageDetector detector() {
        return new OpenNlpLanguageDetector();
    }
}
