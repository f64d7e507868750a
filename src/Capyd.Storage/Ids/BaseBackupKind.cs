namespace Capyd.Storage.Ids;

/// <summary>Copies of the whole cluster.</summary>
public sealed class BaseBackupKind : IIdKind
{
    public static string Prefix => "base";
}
