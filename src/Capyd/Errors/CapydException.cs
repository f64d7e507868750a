namespace Capyd.Errors;

/// <summary>A refusal: what is wrong with the values at hand, and what to do next.</summary>
internal sealed class CapydException(ErrorCode code, string message, string? hint = null) : Exception(message)
{
    public ErrorCode Code { get; } = code;

    public string? Hint { get; } = hint;

    /// <summary>Seconds until it is worth trying again, for Retry-After.</summary>
    public int? RetryAfter { get; private init; }

    public static CapydException TooMany(string message, int retryAfter) =>
        new(ErrorCode.RateLimited, message, $"come back in {retryAfter} s") { RetryAfter = retryAfter };

    public static CapydException Invalid(string message, string? hint = null) => new(ErrorCode.InvalidRequest, message, hint);

    public static CapydException NotFound(string what) => new(ErrorCode.NotFound, $"{what} not found");

    public static CapydException Busy() =>
        new(ErrorCode.ActiveOperation, "project has an active operation", "wait for its job to end: GET /v1/projects/{id}/jobs lists it");
}
