namespace Capyd.Postgres.BaseBackups;

/// <summary>A database of the server, as its catalogue named it when the backup began.</summary>
public sealed record BaseBackupDatabase(uint Oid, string Name);
