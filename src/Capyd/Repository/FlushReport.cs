using System.Globalization;

namespace Capyd.Repository;

/// <summary>What a flush shipped.</summary>
/// <param name="Aside">Objects that were not stored because the bucket has other bytes under their names.</param>
internal sealed record FlushReport(long ShippedBytes, int Aside)
{
    public string Text() => "nothing waits any more; "
        + (ShippedBytes == 0 ? "the daemon, or an earlier run, had shipped everything" : $"{ByteText.Of(ShippedBytes)} were shipped")
        + (Aside == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"\n{Aside} objects lie aside: the bucket has other bytes under their names"));
}
