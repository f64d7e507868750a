namespace Capyd.Postgres.Wal;

/// <summary>How WAL is received.</summary>
/// <param name="SpoolDirectory">Where segments arrive. One cluster's only: use another one for another system identifier.</param>
/// <param name="ApplicationName">What the receiver is called in pg_stat_replication.</param>
public sealed record WalReceiverSettings(
    string SpoolDirectory, WalLineage Lineage, string SlotName = "capyd", string ApplicationName = "capyd_wal")
{
    /// <summary>How often the server is asked how far the receiver is.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long nothing may arrive although the server has more, before the receiver is started anew.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The wait after the first failure; it doubles to at most <see cref="LongestDelay"/>.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);
}
