namespace Capyd.Storage.Ids;

/// <summary>API keys.</summary>
public sealed class ApiKeyKind : IIdKind
{
    public static string Prefix => "key";
}
