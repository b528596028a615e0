package io.cairn.server;

import io.cairn.model.EmbeddingModel;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// Takes the place of the model where texts need not be understood: opening the real one is most of a start.
@Configuration(proxyBeanMethods = false)
public class CheapEmbeddings {
    @Bean
    @Primary
    EmbeddingModel cheap() {
        return EmbeddingModel.inMemory(8);
    }
}
