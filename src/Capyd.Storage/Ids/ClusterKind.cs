namespace Capyd.Storage.Ids;

/// <summary>The PostgreSQL cluster that this daemon manages.</summary>
public sealed class ClusterKind : IIdKind
{
    public static string Prefix => "cls";
}
