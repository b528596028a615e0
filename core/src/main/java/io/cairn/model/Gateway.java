package io.cairn.model;

import io.cairn.guard.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The models that callers may talk to, by name: each is asked behind its provider's guard, and others answer in its
/// place while its provider does not.
///
/// Another model answers only as long as nothing was said: once a stream has begun to speak it is that
/// model's. One whose provider could not be told what is asked for does not answer in another's place.
public final class Gateway {
    private final Map<String, Route> routes;
    private final GatewayMeter meter;
    private final Spending spending;
    private final int outputTokens;

    /// Where the model of a name is.
    ///
    /// @param upstream its name at the provider
    /// @param fallbacks names of models that answer in its place, in this order
    public record Route(String name, String upstream, ChatModel model, ProviderGuard guard, List<String> fallbacks) {
        public Route {
            fallbacks = List.copyOf(fallbacks);
        }
    }

    /// A whole answer, and who gave it.
    public record Answered(String model, ChatAnswer answer) {}

    /// An answer that has begun to be given, and who gives it.
    public record Speaking(String model, ChatStream stream) {}

    /// @param spending keeps account of what the models cost
    /// @param outputTokens that are reserved for an answer whose request does not bound it
    public Gateway(List<Route> routes, GatewayMeter meter, Spending spending, int outputTokens) {
        this.spending = spending;
        this.outputTokens = outputTokens;
        this.routes = new LinkedHashMap<>();
        this.meter = meter;
        routes.forEach(route -> this.routes.put(route.name(), route));
    }

    /// The names of the models, in the order of the configuration.
    public SequencedSet<String> names() {
        return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(routes.keySet()));
    }

    public boolean knows(String name) {
        return routes.containsKey(name);
    }

    /// Asks for a whole answer.
    ///
    /// @param request in OpenAI's form
    /// @param limit for all attempts and models together; each model that is left has an equal part of what is left
    /// @throws ModelException if nobody answers, or the payer may not ask
    public Answered answer(Payer payer, String name, ObjectNode request, Duration limit) {
        return first(name, request, Deadline.in(limit), (route, deadline) -> {
            var sent = addressed(request, route);
            var account = account(payer, route, sent);
            try {
                var answer = route.guard().ask(deadline, () -> route.model().answer(sent, deadline));
                account.answered(answer);
                return new Answered(route.name(), answer);
            } catch (RuntimeException e) {
                account.failed(e);
                throw e;
            }
        });
    }

    /// Asks for an answer as it comes, and waits until it begins to say something.
    ///
    /// @param limits for all attempts and models together; the models share the time until the first word
    /// @throws ModelException if nobody begins, or the payer may not ask
    public Speaking stream(Payer payer, String name, ObjectNode request, ChatLimits limits) {
        var whole = ChatDeadlines.in(limits);
        return first(name, request, whole.firstToken(), (route, firstToken) -> {
            var sent = addressed(request, route);
            var account = account(payer, route, sent);
            try {
                return new Speaking(route.name(), begun(route, sent, whole.speakingBy(firstToken), account));
            } catch (RuntimeException e) {
                account.failed(e);
                throw e;
            }
        });
    }

    /// Where a budget covers the call, what was reserved is its bound at the provider, too.
    private ChatAccount account(Payer payer, Route route, ObjectNode sent) {
        var charge = spending.reserve(payer, route.name(), TokenEstimate.most(sent, outputTokens));
        if (charge.isBudgeted() && !TokenEstimate.isBounded(sent)) {
            sent.put("max_completion_tokens", outputTokens);
        }
        return new ChatAccount(
                charge, sent, outputTokens, used -> meter.used(route.model().provider(), used));
    }

    /// As long as nothing was said, nobody has heard of an attempt that failed, and another one may follow.
    private ChatStream begun(Route route, ObjectNode request, ChatDeadlines deadlines, ChatAccount account) {
        long began = System.nanoTime();
        var call = route.guard().enter(deadlines.firstToken());
        boolean speaking = false;
        try {
            var stream = call.begin(() -> GuardedStream.speaking(
                    route.model().stream(request, deadlines),
                    call,
                    account,
                    deadlines.total(),
                    outcome -> meter.streamed(route.name(), outcome)));
            call.begun();
            meter.firstToken(route.name(), Duration.ofNanos(System.nanoTime() - began));
            speaking = true;
            return stream;
        } finally {
            if (!speaking) {
                call.close();
            }
        }
    }

    private static ObjectNode addressed(ObjectNode request, Route route) {
        return request.deepCopy().put("model", route.upstream());
    }

    private <T> T first(String name, ObjectNode request, Deadline whole, BiFunction<Route, Deadline, T> work) {
        var chain = chain(name, request);
        ModelException last = null;
        for (int i = 0; i < chain.size(); i++) {
            var route = chain.get(i);
            var part = whole.within(whole.left().dividedBy(chain.size() - i));
            if (last != null) {
                meter.fellBack(name, route.name());
            }
            try {
                return metered(route, () -> {
                    requireTellable(route, request);
                    return work.apply(route, part);
                });
            } catch (ModelException e) {
                if (last != null) {
                    e.addSuppressed(last);
                }
                last = e;
                if (!e.isProviders() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        throw Objects.requireNonNull(last);
    }

    private <T> T metered(Route route, Supplier<T> work) {
        long began = System.nanoTime();
        var outcome = "failed";
        try {
            T done = work.get();
            outcome = "ok";
            return done;
        } catch (ModelException e) {
            outcome = e.kind().outcome();
            throw e;
        } finally {
            meter.queried(route.name(), outcome, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private List<Route> chain(String name, ObjectNode request) {
        var route = Objects.requireNonNull(routes.get(name), name);
        var chain = new ArrayList<Route>();
        chain.add(route);
        route.fallbacks().stream()
                .map(other -> Objects.requireNonNull(routes.get(other), other))
                .filter(other -> other.model().cannotTell(request).isEmpty())
                .forEach(chain::add);
        return chain;
    }

    private static void requireTellable(Route route, ObjectNode request) {
        route.model().cannotTell(request).ifPresent(what -> {
            throw ModelException.of(
                    route.model().provider(),
                    ModelException.Kind.REFUSED,
                    "Model '%s' cannot be asked for this: its provider '%s' knows no %s"
                            .formatted(route.name(), route.model().provider(), what));
        });
    }
}
