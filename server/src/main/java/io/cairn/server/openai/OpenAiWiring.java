package io.cairn.server.openai;

import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/// The door for clients of OpenAI's.
@Configuration(proxyBeanMethods = false)
@Import({
    ModelsDoor.class,
    EmbeddingsDoor.class,
    ChatDoor.class,
    OpenStreams.class,
    OpenCalls.class,
    CallContexts.class,
    RepliesDoor.class,
    ChatMemory.class,
    ChatRecall.class
})
public class OpenAiWiring {}
