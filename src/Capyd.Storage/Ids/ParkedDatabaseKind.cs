namespace Capyd.Storage.Ids;

/// <summary>Databases kept aside so that a swap can be undone.</summary>
public sealed class ParkedDatabaseKind : IIdKind
{
    public static string Prefix => "prk";
}
