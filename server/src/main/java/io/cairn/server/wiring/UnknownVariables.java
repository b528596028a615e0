package io.cairn.server.wiring;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Variables of the environment that look like settings and are none, such as one with a slip in its name.
///
/// They do not stop a start, as unknown keys elsewhere do: others set such names too, Kubernetes for one.
final class UnknownVariables {
    private static final String PREFIX = "CAIRN_";

    /// Read by the launcher, the command line or tests.
    private static final Set<String> OF_OTHERS =
            Set.of("CAIRN_HOME", "CAIRN_URL", "CAIRN_TENANT", "CAIRN_JAVA_HOME", "CAIRN_JAVA_OPTS", "CAIRN_AOT");

    private static final List<String> BEGINNINGS_OF_OTHERS = List.of("CAIRN_TEST_", "CAIRN_SERVICES");

    private static final Pattern KNOWN = Pattern.compile("CAIRN" + rest(CairnSettings.class));

    private UnknownVariables() {}

    static List<String> among(Set<String> variables) {
        return variables.stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !OF_OTHERS.contains(name)
                        && BEGINNINGS_OF_OTHERS.stream().noneMatch(name::startsWith))
                .filter(name -> !KNOWN.matcher(name).matches())
                .sorted()
                .toList();
    }

    /// What may stand behind the name of a setting of this type, as a regular expression: of a record one of its
    /// settings, of a list also a number, of a map also an id.
    private static String rest(Type type) {
        if (type instanceof Class<?> settings && settings.isRecord()) {
            return Arrays.stream(settings.getRecordComponents())
                    .map(component -> words(component.getName()) + rest(component.getGenericType()))
                    .collect(Collectors.joining("|", "_(", ")"));
        }
        if (type instanceof ParameterizedType many) {
            var arguments = many.getActualTypeArguments();
            var one = rest(arguments[arguments.length - 1]);
            return "(%s%s)?".formatted(many.getRawType().equals(Map.class) ? id(one) : "_[0-9]+", one);
        }
        return "";
    }

    /// An id before something else has no `_`, which would divide it; at the end it may have any.
    private static String id(String rest) {
        return rest.isEmpty() ? "_.+" : "_[^_]+";
    }

    /// The words of a name may be divided or not.
    private static String words(String name) {
        return name.replaceAll("([A-Z])", "_?$1").toUpperCase(Locale.ROOT);
    }
}
