package io.cairn.server.wiring;

import io.cairn.adapter.file.FolderException;
import io.cairn.adapter.lucene.IndexFolderException;
import io.cairn.adapter.onnx.ModelBrokenException;
import io.cairn.event.StorageException;
import io.cairn.saga.UnknownSagaException;
import io.cairn.schema.BrokenUpcasterChainException;
import io.cairn.seal.SealBrokenException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.config.ConfigDataNotFoundException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.web.server.PortInUseException;

/// What keeps a server from starting, in one sentence each.
public final class StartProblems {
    private StartProblems() {}

    /// Nothing if it is none of the operator's doing.
    public static Optional<String> sentence(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .flatMap(cause -> known(cause).stream())
                .findFirst();
    }

    private static Optional<String> known(Throwable cause) {
        return switch (cause) {
            case NoLogException none -> Optional.ofNullable(none.getMessage());
            case CopyException copy -> Optional.ofNullable(copy.getMessage());
            case UnknownSagaException saga -> Optional.ofNullable(saga.getMessage());
            case JarException jar -> Optional.ofNullable(jar.getMessage());
            case FolderException folder -> Optional.ofNullable(folder.getMessage());
            case IndexFolderException index -> Optional.ofNullable(index.getMessage());
            case ModelBrokenException model -> Optional.ofNullable(model.getMessage());
            case PortInUseException port ->
                Optional.of("port %d is in use; choose another with --port, or stop who listens there"
                        .formatted(port.getPort()));
            case SealBrokenException broken ->
                Optional.of(
                        "the master key is not the one that sealed this log; put the right one back, or name its place"
                                + " in CAIRN_MASTER_KEY_FILE");
            case BrokenUpcasterChainException chain -> Optional.ofNullable(chain.getMessage());
            case StorageException storage
            when storage.kind() == StorageException.Kind.DAMAGED ->
                Optional.of(
                        "the log is damaged: %s; see with `cairn verify` what of it is left, and restore it from a backup"
                                .formatted(storage.getMessage()));
            case StorageException storage -> Optional.of("the log cannot be opened: " + storage.getMessage());
            case ConfigDataNotFoundException file ->
                Optional.of("the settings cannot be read: " + file.getReferenceDescription() + " does not exist");
            case UnboundConfigurationPropertiesException unknown -> Optional.of(unknown(unknown));
            case BindException bind -> Optional.of(bind(bind));
            default -> Optional.empty();
        };
    }

    private static String unknown(UnboundConfigurationPropertiesException unknown) {
        var property = unknown.getUnboundProperties().iterator().next();
        return "%s is not a setting%s".formatted(property.getName(), origin(property.getOrigin()));
    }

    private static String bind(BindException failure) {
        var nested = Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
        for (var cause : nested) {
            if (cause instanceof UnboundConfigurationPropertiesException unknown) {
                return unknown(unknown);
            }
        }
        for (var cause : nested) {
            if (String.valueOf(cause.getMessage()).startsWith("cairn.")) {
                return String.valueOf(cause.getMessage());
            }
        }
        var root = nested.getLast();
        var property = failure.getProperty();
        return property == null
                ? "%s cannot be set so: %s".formatted(failure.getName(), root.getMessage())
                : "%s cannot be '%s'%s: %s"
                        .formatted(
                                property.getName(),
                                property.getValue(),
                                origin(property.getOrigin()),
                                root.getMessage());
    }

    private static String origin(@Nullable Object origin) {
        return origin == null ? "" : " (in " + origin + ")";
    }
}
