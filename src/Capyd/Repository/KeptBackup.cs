using Capyd.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Repository;

/// <summary>A base backup as its manifest describes it.</summary>
internal sealed record KeptBackup(ManifestHeader Header, BaseBackupFacts Facts)
{
    public string Name => Header.Name;

    public SystemIdentifier System => SystemIdentifier.Parse(Facts.SystemIdentifier);

    public TimelineId Timeline => new(Facts.Timeline);

    public Lsn Start => Lsn.Parse(Facts.StartLsn);

    public Lsn Stop => Lsn.Parse(Facts.StopLsn);

    /// <summary>PostgreSQL's major version.</summary>
    public int Major => Facts.ServerVersion / 10_000;
}
