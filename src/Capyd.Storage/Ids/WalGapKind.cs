namespace Capyd.Storage.Ids;

/// <summary>Holes in the kept write-ahead log.</summary>
public sealed class WalGapKind : IIdKind
{
    public static string Prefix => "gap";
}
