namespace Capyd.Storage.Ids;

/// <summary>Backups of a project's database.</summary>
public sealed class BackupKind : IIdKind
{
    public static string Prefix => "bkp";
}
