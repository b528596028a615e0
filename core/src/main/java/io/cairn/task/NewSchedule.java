package io.cairn.task;

import io.cairn.event.Names;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A schedule that is to be made, or to take the place of one of the same name.
///
/// @param name 1 to 100 of `A-Z a-z 0-9 . _ -`, starting with a letter or a digit
/// @param zone whose clocks the expression is about
/// @param type of the tasks that it enqueues
/// @param payload of each of them
public record NewSchedule(
        String name,
        CronExpression cron,
        ZoneId zone,
        CatchUp catchUp,
        String type,
        JsonNode payload,
        String subject,
        @Nullable String key) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    public NewSchedule {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A schedule's name is 1 to 100 letters, digits, '.', '_' or '-', starting with a letter or digit; found '%s'"
                            .formatted(name));
        }
        Names.id("subject", subject);
        if (key != null) {
            Names.id("task's key", key);
        }
    }

    public static NewSchedule of(String name, CronExpression cron, ZoneId zone, String type, JsonNode payload) {
        return new NewSchedule(name, cron, zone, CatchUp.ONCE, type, payload, NewTask.NOBODY, null);
    }

    public NewSchedule catchingUp(CatchUp policy) {
        return new NewSchedule(name, cron, zone, policy, type, payload, subject, key);
    }

    public NewSchedule withKey(String named) {
        return new NewSchedule(name, cron, zone, catchUp, type, payload, subject, named);
    }
}
