package com.example.coordinator;

/// A model that needs no network: it thinks for a while, and repeats what was said. Put a call of your own in its place,
/// for example of Cairn's `/openai/v1/chat/completions`.
final class SlowModel implements Model {
    private static final long THINKING_MS = 200;

    @Override
    public String answer(String session, String said) throws InterruptedException {
        Thread.sleep(THINKING_MS);
        return "%s heard: %s".formatted(session, said);
    }
}
