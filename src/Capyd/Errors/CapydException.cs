namespace Capyd.Errors;

/// <summary>A refusal: what is wrong with the values at hand, and what to do next.</summary>
internal sealed class CapydException(ErrorCode code, string message, string? hint = null) : Exception(message)
{
    public ErrorCode Code { get; } = code;

    public string? Hint { get; } = hint;

    public static CapydException Invalid(string message, string? hint = null) => new(ErrorCode.InvalidRequest, message, hint);

    public static CapydException NotFound(string what) => new(ErrorCode.NotFound, $"{what} not found");

    public static CapydException Busy() =>
        new(ErrorCode.ActiveOperation, "project has an active operation", "wait for its job to end: GET /v1/projects/{id}/jobs lists it");
}
