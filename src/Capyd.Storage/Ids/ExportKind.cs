namespace Capyd.Storage.Ids;

/// <summary>Dumps of a project's database for use elsewhere.</summary>
public sealed class ExportKind : IIdKind
{
    public static string Prefix => "exp";
}
