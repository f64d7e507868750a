namespace Capyd.Storage.Ids;

/// <summary>Labels on a backup or on an instant.</summary>
public sealed class RestorePointKind : IIdKind
{
    public static string Prefix => "rp";
}
