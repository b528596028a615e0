package io.cairn.model;

import io.cairn.guard.Deadline;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A model that answers messages. Requests and answers are in the form of OpenAI's chat completions, whatever the
/// provider speaks; what is not known of them is passed on.
public interface ChatModel {
    /// Which provider it is of, as metrics name it.
    String provider();

    /// What of a request the provider's dialect has no word for, though without it the answer would be of
    /// another kind. Such a request is not for this model.
    default Optional<String> cannotTell(ObjectNode request) {
        return Optional.empty();
    }

    /// The whole answer.
    ///
    /// @throws ModelException if there is none
    ChatAnswer answer(ObjectNode request, Deadline deadline);

    /// The answer as it comes. The provider has taken the request when this returns.
    ///
    /// @param deadlines that go on to hold for the stream
    /// @throws ModelException if the provider did not take it
    ChatStream stream(ObjectNode request, ChatDeadlines deadlines);
}
