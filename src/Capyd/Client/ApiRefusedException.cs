namespace Capyd.Client;

/// <summary>The API said no.</summary>
internal sealed class ApiRefusedException(int status, string message, string? hint) : Exception(message)
{
    public int Status { get; } = status;

    public string? Hint { get; } = hint;
}
