package io.cairn.aggregate;

import io.cairn.event.EventType;
import io.cairn.event.StreamId;
import tools.jackson.databind.JsonNode;

/// An account as its events have made it: an aggregate small enough to be understood at a glance.
record Account(boolean open, long balance, String note) {
    static final Account NONE = new Account(false, 0, "");

    sealed interface Command {
        record Open() implements Command {}

        record PayIn(long amount) implements Command {}

        record PayOut(long amount) implements Command {}

        record Note(String about, String text) implements Command {}
    }

    sealed interface Event {
        record Opened() implements Event {}

        record PaidIn(long amount) implements Event {}

        record PaidOut(long amount) implements Event {}

        /// @param about whose data the note is
        record Noted(String about, String text) implements Event {}
    }

    static final Codec<Event, Account> CODEC = withSubjects(Codec.records("account", Event.class, Account.class));

    /// A note belongs to whom it is about.
    static Codec<Event, Account> withSubjects(Codec<Event, Account> records) {
        return new Codec<>() {
            @Override
            public Encoded encode(Event event) {
                return records.encode(event);
            }

            @Override
            public Event decode(EventType type, JsonNode payload) {
                return records.decode(type, payload);
            }

            @Override
            public JsonNode encodeState(Account state) {
                return records.encodeState(state);
            }

            @Override
            public Account decodeState(JsonNode json) {
                return records.decodeState(json);
            }

            @Override
            public String subject(StreamId stream, Event event) {
                return event instanceof Event.Noted noted ? noted.about() : records.subject(stream, event);
            }
        };
    }

    static class Rules implements Decider<Command, Event, Account> {
        @Override
        public String name() {
            return "account";
        }

        @Override
        public Account initial() {
            return NONE;
        }

        @Override
        public Decision<Event> decide(Command command, Account account) {
            return switch (command) {
                case Command.Open open -> account.open() ? Decision.happens() : Decision.happens(new Event.Opened());
                case Command.PayIn(var amount) ->
                    account.open() ? Decision.happens(new Event.PaidIn(amount)) : Decision.refused("not open");
                case Command.PayOut(var amount) ->
                    account.balance() >= amount
                            ? Decision.happens(new Event.PaidOut(amount))
                            : Decision.refused("only %d left".formatted(account.balance()));
                case Command.Note(var about, var text) -> Decision.happens(new Event.Noted(about, text));
            };
        }

        @Override
        public Account evolve(Account account, Event event) {
            return switch (event) {
                case Event.Opened opened -> new Account(true, account.balance(), account.note());
                case Event.PaidIn(var amount) -> new Account(true, account.balance() + amount, account.note());
                case Event.PaidOut(var amount) -> new Account(true, account.balance() - amount, account.note());
                case Event.Noted(var about, var text) ->
                    new Account(account.open(), account.balance(), account.note() + text);
            };
        }
    }
}
