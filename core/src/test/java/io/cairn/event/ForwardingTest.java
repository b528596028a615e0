package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What stands in front of a storage passes everything on, also what has a default that would do: that one is slower,
/// or does nothing.
class ForwardingTest {
    static Stream<List<Class<?>>> portsAndWhatForwardsThem() {
        return Stream.of(
                List.of(LogStorage.class, ForwardingStorage.class),
                List.of(ReadSnapshot.class, ForwardingSnapshot.class),
                List.of(WriteTransaction.class, ForwardingTransaction.class));
    }

    @ParameterizedTest
    @MethodSource("portsAndWhatForwardsThem")
    void everyMethodOfThePortIsPassedOn(List<Class<?>> pair) {
        var asked = Arrays.stream(pair.getFirst().getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .toList();

        assertThat(asked)
                .isNotEmpty()
                .allSatisfy(method -> assertThat(declaring(pair.getLast(), method))
                        .as(method.toString())
                        .startsWith("Forwarding"));
    }

    private static String declaring(Class<?> forwarding, Method method) throws NoSuchMethodException {
        return forwarding
                .getMethod(method.getName(), method.getParameterTypes())
                .getDeclaringClass()
                .getSimpleName();
    }
}
