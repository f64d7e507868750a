namespace Capyd.Storage.Ids;

/// <summary>Projects: one database with its role.</summary>
public sealed class ProjectKind : IIdKind
{
    public static string Prefix => "prj";
}
