namespace Capyd.Storage.Ids;

/// <summary>Organizations: the owners of projects and keys.</summary>
public sealed class OrganizationKind : IIdKind
{
    public static string Prefix => "org";
}
