package io.cairn.server;

import io.cairn.adapter.file.FoldersInMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;
import org.springframework.util.FileSystemUtils;

/// Gives a test class a [RunningCairn] that it shares with others: started when the first of them needs it, and closed
/// after the last test of the run. Each class is a tenant of its own there, so that none sees what another one stored.
///
/// For classes that take the server as it comes, and neither restart it, nor count what all tenants add to, nor use up
/// what all of them share.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedCairn.Servers.class)
public @interface SharedCairn {
    /// The secret of a key that may write and is no admin.
    String WRITER = "shared-writer-key";

    /// Names the parameter of a run that holds settings of the server, one a line, such as where its store is.
    String SETTINGS = "cairn.test.settings";

    /// Whether texts have to be understood, which takes the model.
    boolean understanding() default false;

    /// The shared servers, and who gets which.
    final class Servers implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(RunningCairn.class);
        }

        @Override
        public RunningCairn resolveParameter(ParameterContext parameter, ExtensionContext context) {
            var type = context.getRequiredTestClass();
            var wanted =
                    AnnotationSupport.findAnnotation(type, SharedCairn.class).orElseThrow();
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(SharedCairn.class))
                    .computeIfAbsent(
                            wanted,
                            same -> Started.with(
                                    same,
                                    context.getConfigurationParameter(SETTINGS).orElse("")),
                            Started.class)
                    .cairn
                    .as(type.getSimpleName().toLowerCase(Locale.ROOT));
        }
    }

    /// A server on a folder that goes with it.
    record Started(Path data, RunningCairn cairn) implements AutoCloseable {
        static Started with(SharedCairn wanted, String more) {
            try {
                var data = FoldersInMemory.folder();
                var settings = Stream.concat(
                                Stream.of(
                                        "--cairn.security.keys[0].name=writer",
                                        "--cairn.security.keys[0].sha256=" + RunningCairn.digest(WRITER),
                                        "--cairn.security.keys[0].scopes=write"),
                                more.lines())
                        .toList();
                return new Started(
                        data,
                        wanted.understanding()
                                ? RunningCairn.start(data, settings)
                                : RunningCairn.start(data, settings, CheapEmbeddings.class));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            cairn.close();
            FileSystemUtils.deleteRecursively(data);
        }
    }
}
