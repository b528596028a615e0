package io.cairn.server.http;

import io.cairn.client.wire.ProblemItem;
import java.util.List;
import java.util.Locale;

/// The kinds of refusal, each with its stable code, its status and what the caller can do.
public enum Trouble {
    MALFORMED_JSON(400, "The body is not well-formed JSON", "Send one JSON value, encoded in UTF-8."),
    MALFORMED_REQUEST(400, "The request is not well-formed", "Correct the request line, a header or the form."),
    BODY_MISSING(400, "The body is missing", "Send a JSON object."),
    MODEL_REFUSED(400, "The model does not take this", "Correct what is named."),
    CONTEXT_LENGTH_EXCEEDED(400, "The input is too long for the model", "Shorten it."),
    TENANT_MISSING(400, "The key is valid for several tenants", "Name one in the header Cairn-Tenant."),
    UNAUTHENTICATED(401, "A valid key is required", "Send the header 'Authorization: Bearer KEY'."),
    SIGNATURE_REFUSED(401, "The webhook is not genuine", "Check the secret on both sides, and the clocks."),
    TENANT_FORBIDDEN(403, "The key is not valid for this tenant", "Use a key of that tenant."),
    MODEL_FORBIDDEN(403, "The key does not allow this model", "Use a key that allows it."),
    SCOPE_MISSING(403, "The key does not allow this", "Use a key with the scope that is named."),
    ORIGIN_FORBIDDEN(403, "This origin may not call", "Add its host to cairn.security.hosts."),
    RESERVED(403, "This name is Cairn's own", "Choose another type; Cairn's own are written through their own routes."),
    MODEL_NOT_FOUND(404, "There is no such model", "Use one that is listed."),
    NOT_FOUND(404, "There is no such thing", "Check the id and the tenant."),
    METHOD_NOT_ALLOWED(405, "This method is not allowed here", "Use one that the header Allow names."),
    NOT_ACCEPTABLE(406, "No answer in the accepted types", "Accept one of the types that are named."),
    ID_REUSED(409, "The id stands for other content", "Use a new id, or send the same content again."),
    CONFLICT(409, "The stream is not as expected", "Read what was added, decide anew and append again."),
    SCHEMA_REGISTERED(
            409, "The version is registered with other content", "Register your content as the next version."),
    CONTENT_EXISTS(409, "Another document has this content", "Use that document; one content is kept once."),
    DELETED(409, "The id was deleted and stays burnt", "Use another id; a document may say reuse_deleted_id."),
    POSITION_MOVED(409, "The position belongs to another log", "Read anew, and use the positions that come with it."),
    NO_WAY_BACK(409, "The projection cannot go back", "Rebuild it instead, or wait where a rebuild is under way."),
    NODE_OUTDATED(409, "A newer version has taken over", "Ask a node that runs the newer version of the projection."),
    REBUILDING(409, "A rebuild is under way", "Ask again when it has ended; the list of projections tells."),
    VERSION_MISMATCH(412, "The document has another version", "Read it, decide anew and send its version in If-Match."),
    TOO_LARGE(413, "The body is too large", "Divide it."),
    MEDIA_TYPE_UNSUPPORTED(415, "The body's type is not taken here", "Send one of the types that are named."),
    HOST_UNKNOWN(421, "This server does not answer for that host", "Add the host to cairn.security.hosts."),
    INVALID(422, "The request holds what is not allowed", "Correct the fields that are named."),
    BATCH_TOO_LARGE(422, "The batch is too large", "Divide it."),
    SCHEMA_VIOLATED(
            422,
            "A payload is not as its schema says",
            "Correct the payloads that are named, or append them as a version that was registered."),
    NOT_IMPORTABLE(
            422,
            "The export cannot be taken in",
            "Send what 'cairn export' wrote, whole, to a server that was started with the master key of the log it"
                    + " came from."),
    UNREADABLE(422, "The document cannot be read as text", "Send another format, or a repaired file."),
    BUDGET_USED_UP(429, "A budget is used up", "Ask again after the given time, or ask an operator for more."),
    RATE_LIMITED(429, "The key asks too fast", "Ask again after the given time."),
    MODEL_LIMITED(429, "The model takes no more for now", "Ask again after the given time."),
    MODEL_BROKEN(502, "The model cannot be used", "An operator has to look at the server's log."),
    MODEL_AWAY(503, "The model does not answer for now", "Ask again after the given time."),
    MODEL_SILENT(504, "The model did not answer in time", "Ask again, or ask for less."),
    NOT_VISIBLE_YET(503, "The wanted position is not visible yet", "Ask again after the given time."),
    OVERLOADED(503, "The server has too much in hand", "Send the same request again after the given time."),
    TOO_MANY_TAILS(503, "Too many live tails are open", "Ask again later, or close others."),
    STORAGE_BUSY(503, "The store is busy", "Send the same request again after the given time."),
    OUTCOME_UNKNOWN(503, "It may or may not have been stored", "Send the same request again, with the same ids."),
    STORAGE_BROKEN(503, "The store does not work", "An operator has to look at the server's log."),
    STORAGE_DAMAGED(
            503,
            "What is stored of this cannot be read",
            "An operator has to run 'cairn verify' on the log and restore what it names from a backup; all else can be"
                    + " read."),
    STORAGE_FULL(507, "The store has no room left", "Free some, then send the same request again."),
    INTERNAL(500, "The server failed", "Report it with the correlation id; the server's log tells more.");

    private final int status;
    private final String title;
    private final String remedy;

    Trouble(int status, String title, String remedy) {
        this.status = status;
        this.title = title;
        this.remedy = remedy;
    }

    public int status() {
        return status;
    }

    /// Whether the same request will do some other time.
    public boolean passes() {
        return status == 503 && this != STORAGE_BROKEN && this != STORAGE_DAMAGED;
    }

    public String title() {
        return title;
    }

    public String remedy() {
        return remedy;
    }

    /// As it stands on the wire, such as `id_reused`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Refusal because(String detail) {
        return new Refusal(this, detail, List.of());
    }

    public Refusal because(String detail, List<ProblemItem> errors) {
        return new Refusal(this, detail, errors);
    }
}
