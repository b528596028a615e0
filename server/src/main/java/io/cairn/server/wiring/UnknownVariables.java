package io.cairn.server.wiring;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Variables of the environment that look like settings and are none, such as one with a slip in its name.
///
/// They do not stop a start, as unknown keys elsewhere do: others set such names too, Kubernetes for one.
final class UnknownVariables {
    private static final String PREFIX = "CAIRN_";

    /// Read by the launcher, the command line or tests.
    private static final Set<String> OF_OTHERS =
            Set.of("CAIRN_HOME", "CAIRN_URL", "CAIRN_TENANT", "CAIRN_JAVA_HOME", "CAIRN_JAVA_OPTS", "CAIRN_AOT");

    private static final List<String> BEGINNINGS_OF_OTHERS = List.of("CAIRN_TEST_", "CAIRN_SERVICES");

    /// Whole names, and beginnings where a number or an id follows; both without what separates words.
    private record Known(Set<String> names, Set<String> beginnings) {
        boolean has(String name) {
            return names.contains(name) || beginnings.stream().anyMatch(name::startsWith);
        }
    }

    private UnknownVariables() {}

    static List<String> among(Set<String> variables) {
        var known = new Known(new TreeSet<>(), new TreeSet<>());
        collect(CairnSettings.class, "", known);
        return variables.stream()
                .filter(name -> name.startsWith(PREFIX))
                .filter(name -> !OF_OTHERS.contains(name)
                        && BEGINNINGS_OF_OTHERS.stream().noneMatch(name::startsWith))
                .filter(name -> !known.has(name.substring(PREFIX.length()).replace("_", "")))
                .sorted()
                .toList();
    }

    private static void collect(Class<?> settings, String path, Known known) {
        for (RecordComponent component : settings.getRecordComponents()) {
            var name = path + component.getName().toUpperCase(Locale.ROOT);
            var type = component.getType();
            if (type.isRecord()) {
                collect(type, name, known);
            } else if (Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type)) {
                known.names().add(name);
                known.beginnings().add(name);
            } else {
                known.names().add(name);
            }
        }
    }
}
