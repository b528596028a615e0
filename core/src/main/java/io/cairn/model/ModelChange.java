package io.cairn.model;

import java.util.Optional;

/// The word of an operator that another model may take the place of one by which an index is full.
///
/// Without it the server does not start: the new model's index begins with nothing, and answers until everything is
/// embedded anew with less than the full one did.
///
/// @param space that the server is to run
/// @param replaced the name of the model that is given up, if the operator gave it up
public record ModelChange(EmbeddingSpace space, Optional<String> replaced) {
    /// Where no index is left behind.
    public static ModelChange to(EmbeddingSpace space) {
        return new ModelChange(space, Optional.empty());
    }

    /// Whether the model of an index was given up by name.
    boolean gaveUp(String madeOf) {
        return replaced.equals(Optional.of(EmbeddingSpace.modelOf(madeOf)));
    }

    /// @param madeOf the space of an index that is full, as it stands there: the model's name, `@`, and what else
    /// decides
    ///     the numbers
    /// @throws OtherModelException if its model was not given up
    public void require(String madeOf) {
        var name = EmbeddingSpace.modelOf(madeOf);
        if (!gaveUp(madeOf)) {
            throw new OtherModelException(
                    "The dense index was made by %s, and this server runs %s, which would begin with nothing and find less by meaning until everything is embedded anew: run the former model, or set cairn.embedding.replaces=%s to begin"
                            .formatted(madeOf, space, name));
        }
    }
}
