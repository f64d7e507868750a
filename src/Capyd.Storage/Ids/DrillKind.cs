namespace Capyd.Storage.Ids;

/// <summary>Recoveries that are made only to see that they work.</summary>
public sealed class DrillKind : IIdKind
{
    public static string Prefix => "drl";
}
