package io.cairn.adapter.tika;

import java.util.List;

/// How a child process finds the classes of this one: by the same class path.
///
/// It may be a list of jars or one jar whose manifest names the others, as in Spring Boot's extracted layout;
/// both can be handed on as they are. Inside an unextracted Spring Boot jar only that jar's own launcher
/// finds classes.
final class ClassPathOfChild {
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    private ClassPathOfChild() {}

    /// The end of a `java` command that runs this class, ready for the class's own arguments.
    static List<String> arguments(Class<?> main) {
        String classPath = System.getProperty("java.class.path");
        return isNested(main)
                ? List.of("-cp", classPath, "-Dloader.main=" + main.getName(), LAUNCHER)
                : List.of("-cp", classPath, main.getName());
    }

    private static boolean isNested(Class<?> main) {
        return main.getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()
                .startsWith("jar:nested:");
    }
}
