namespace Capyd.Postgres.BaseBackups;

/// <summary>A tablespace besides the data directory itself.</summary>
/// <param name="Location">Its place on the server when the backup was taken.</param>
public sealed record BaseBackupTablespace(uint Oid, string Location);
