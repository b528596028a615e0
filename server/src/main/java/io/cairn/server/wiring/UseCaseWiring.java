package io.cairn.server.wiring;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.knowledge.Documents;
import io.cairn.knowledge.TextExtractor;
import io.cairn.memory.Conversations;
import io.cairn.memory.Transcripts;
import io.cairn.schema.EventSchemas;
import io.cairn.schema.SchemaRegistry;
import io.cairn.text.LanguageDetector;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What users come for, above the log.
@Configuration(proxyBeanMethods = false)
class UseCaseWiring {
    @Bean
    Conversations conversations(EventLog log, LanguageDetector detector, Ids ids) {
        return new Conversations(log, detector, ids);
    }

    @Bean
    Transcripts transcripts(Conversations conversations) {
        return new Transcripts(conversations);
    }

    @Bean
    SchemaRegistry schemaRegistry(EventLog log, EventSchemas schemas, Ids ids) {
        return new SchemaRegistry(log, schemas, ids);
    }

    @Bean
    Documents documents(EventLog log, TextExtractor extractor, LanguageDetector detector, Ids ids) {
        return new Documents(log, extractor, detector, ids);
    }
}
