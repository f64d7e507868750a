namespace Capyd.Storage.Ids;

/// <summary>Logins of the command line that wait for a person.</summary>
public sealed class LoginSessionKind : IIdKind
{
    public static string Prefix => "cli";
}
