package io.cairn.model;

import io.cairn.guard.Deadline;
import tools.jackson.databind.node.ObjectNode;

/// A model that answers messages. Requests and answers are in the form of OpenAI's chat completions, whatever the
/// provider speaks; what is not known of them is passed on.
public interface ChatModel {
    /// Which provider it is of, as metrics name it.
    String provider();

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
