using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>How the server ended a base backup.</summary>
internal sealed record BackupEnd(Lsn Lsn, string Label, string TablespaceMap);
