package io.cairn.server.http;

import io.cairn.client.wire.ProblemItem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses parameters of a query that its route does not know: a slip in a name is not its absence.
///
/// Only requests without a body are looked at. The fields of a form are parameters too, and are judged
/// where they are read.
final class KnownParameters implements HandlerInterceptor {
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "DELETE");

    private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod route && WITHOUT_BODY.contains(request.getMethod())) {
            var names = known.computeIfAbsent(route.getMethod(), KnownParameters::names);
            for (var name : request.getParameterMap().keySet()) {
                if (!names.contains(name)) {
                    throw refusal(Field.shown(name), names);
                }
            }
        }
        return true;
    }

    private static Set<String> names(Method route) {
        return Arrays.stream(route.getParameters())
                .filter(parameter -> parameter.isAnnotationPresent(RequestParam.class))
                .map(KnownParameters::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String name(Parameter parameter) {
        var given = parameter.getAnnotation(RequestParam.class).name();
        return given.isEmpty() ? parameter.getName() : given;
    }

    private static Refusal refusal(String name, Set<String> names) {
        var detail = name + " is not a parameter here";
        var allowed = names.isEmpty() ? "none" : String.join(", ", names);
        return Trouble.INVALID.because(detail, List.of(new ProblemItem(null, name, "unknown", detail, name, allowed)));
    }
}
