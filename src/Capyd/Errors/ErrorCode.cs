namespace Capyd.Errors;

/// <summary>
/// The one taxonomy of refusals and failures. Each has a stable word on the wire and one HTTP status (contract A.6).
/// <c>docs/errors.md</c> is written from it, and a test holds it to that.
/// </summary>
internal sealed record ErrorCode(string Word, int Status, string Meaning)
{
    public static readonly ErrorCode InvalidRequest = new("invalid_request", 400, "The body, the query or a field of them is not what the endpoint takes; the text names the field.");
    public static readonly ErrorCode ApprovalRequired = new("approval_required", 400, "A person has to approve this: `capyd approve PROJECT ACTION` on the host prints a token.");
    public static readonly ErrorCode BackupUnusable = new("backup_unusable", 400, "This backup cannot be restored as asked: it is expired, failed, or not verified.");
    public static readonly ErrorCode SqlFailed = new("sql_failed", 400, "PostgreSQL refused the SQL, or it took too long; the text is the server's, with its SQLSTATE.");
    public static readonly ErrorCode Unauthenticated = new("unauthenticated", 401, "No credential, or one that is unknown, expired or revoked.");
    public static readonly ErrorCode Forbidden = new("forbidden", 403, "The credential is good, but a scope or a right is missing.");
    public static readonly ErrorCode NotFound = new("not_found", 404, "No such thing, or not yours.");
    public static readonly ErrorCode FeatureAbsent = new("feature_absent", 404, "This server does not have that feature.");
    public static readonly ErrorCode MethodNotAllowed = new("method_not_allowed", 405, "The path exists, but not with this method.");
    public static readonly ErrorCode ActiveOperation = new("active_operation", 409, "Another operation on the same thing is under way; wait for its job.");
    public static readonly ErrorCode WrongState = new("wrong_state", 409, "The thing is not in a state in which this can be done.");
    public static readonly ErrorCode AlreadyExists = new("already_exists", 409, "The name is taken.");
    public static readonly ErrorCode Gone = new("gone", 410, "It was there, and its time is over.");
    public static readonly ErrorCode BodyTooLarge = new("body_too_large", 413, "The body is larger than `limits.body_size`, or an upload than `imports.max_upload_size`.");
    public static readonly ErrorCode UnsupportedMediaType = new("unsupported_media_type", 415, "A body has to be JSON, with `Content-Type: application/json`.");
    public static readonly ErrorCode RateLimited = new("rate_limited", 429, "Too many requests of one key, or too many wrong credentials from one address; `Retry-After` says when to come back.");
    public static readonly ErrorCode Internal = new("internal", 500, "A fault of capyd's own; the request id finds it in the log.");
    public static readonly ErrorCode PostgresUnavailable = new("postgres_unavailable", 503, "PostgreSQL does not answer. capyd goes on by itself when it is back.");
    public static readonly ErrorCode MetadataUnavailable = new("metadata_unavailable", 503, "capyd's own metadata cannot be written now, for example because its disk is full. Nothing was accepted.");
    public static readonly ErrorCode FeatureOff = new("feature_off", 503, "This server could have that feature, and it is not switched on.");
    public static readonly ErrorCode ToolMissing = new("tool_missing", 503, "A program that this feature needs is not installed on the host; the text names it.");

    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        InvalidRequest, ApprovalRequired, BackupUnusable, SqlFailed, Unauthenticated, Forbidden, NotFound, FeatureAbsent,
        MethodNotAllowed, ActiveOperation, WrongState, AlreadyExists, Gone, BodyTooLarge, UnsupportedMediaType, RateLimited,
        Internal, PostgresUnavailable, MetadataUnavailable, FeatureOff, ToolMissing,
    ];
}
