package io.cairn.model;

/// Models by their name, or all whose names begin alike.
///
/// @param name the name, or the beginning of names
public record ModelNames(String name, boolean beginning) {
    private static final String MORE = "*";

    /// @param pattern a name, or a beginning with `*` behind it
    public static ModelNames of(String pattern) {
        return pattern.endsWith(MORE)
                ? new ModelNames(pattern.substring(0, pattern.length() - MORE.length()), true)
                : new ModelNames(pattern, false);
    }

    public boolean matches(String model) {
        return beginning ? model.startsWith(name) : model.equals(name);
    }
}
