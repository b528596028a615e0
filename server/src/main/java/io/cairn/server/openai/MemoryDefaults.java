package io.cairn.server.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What chats have to do with the memory where their requests say nothing: as their key says, or else their model.
///
/// @param models by name
/// @param keys by name
public record MemoryDefaults(Map<String, MemoryWish> models, Map<String, OfKey> keys) {
    /// What is usual for the chats of a key.
    ///
    /// @param memory the id of a conversation, or `none`; nothing leaves it to the model
    /// @param recall how many hits at most; nothing leaves it to the model
    public record OfKey(@Nullable String memory, @Nullable Integer recall) {
        /// Leaves all to the model.
        public static final OfKey NOTHING = new OfKey(null, null);

        public OfKey {
            MemoryWish.NOTHING.but(memory, recall);
        }

        /// Whether something of a chat is remembered by this.
        public boolean remembers() {
            return MemoryWish.NOTHING.but(memory, null).conversation().isPresent();
        }

        /// Whether something is recalled for a chat by this.
        public boolean recalls() {
            return recall != null && recall > 0;
        }
    }

    public MemoryDefaults {
        models = Map.copyOf(models);
        keys = Map.copyOf(keys);
    }

    MemoryWish of(String model, String key) {
        var said = keys.getOrDefault(key, OfKey.NOTHING);
        return models.getOrDefault(model, MemoryWish.NOTHING).but(said.memory(), said.recall());
    }
}
