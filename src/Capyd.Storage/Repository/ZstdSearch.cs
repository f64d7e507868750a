using System.Globalization;

namespace Capyd.Storage.Repository;

/// <summary>A search for repetitions in place of the level's own (zstd's manual, advanced compression parameters).</summary>
/// <param name="Strategy">1 (fast) to 9.</param>
/// <param name="TablesLog">Base-2 logarithm of the entries of the hash and the chain table.</param>
/// <param name="SearchLog">Base-2 logarithm of how many candidates are looked at.</param>
/// <param name="MinMatch">Bytes of the shortest repetition.</param>
/// <param name="TargetLength">Bytes of a repetition that is long enough.</param>
public sealed record ZstdSearch(int Strategy, int TablesLog, int SearchLog, int MinMatch, int TargetLength)
{
    /// <summary>As the program takes it after <c>--zstd=</c>.</summary>
    public string Text => string.Create(
        CultureInfo.InvariantCulture, $"strat={Strategy},hlog={TablesLog},clog={TablesLog},slog={SearchLog},mml={MinMatch},tlen={TargetLength}");
}
