namespace Capyd.Client;

/// <summary>A person's approval, as <c>capyd approve</c> prints it. It is a secret, so it comes by the environment.</summary>
internal static class Approval
{
    public const string Variable = "CAPYD_APPROVAL_TOKEN";

    public static string? FromEnvironment => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } token ? token : null;
}
