namespace Capyd.Client;

/// <summary>Nobody answered; the message names where and what to look at.</summary>
internal sealed class ApiUnreachableException(string message, bool late = false) : Exception(message)
{
    /// <summary>It was there and did not answer in time.</summary>
    public bool Late { get; } = late;
}
