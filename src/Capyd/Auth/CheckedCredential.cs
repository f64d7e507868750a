namespace Capyd.Auth;

/// <summary>Whose credential it is; null when it is nobody's, with what is wrong with it where that can be said.</summary>
internal sealed record CheckedCredential(Principal? Principal, string? Problem)
{
    public static CheckedCredential Refused(string? problem) => new(null, problem);
}
