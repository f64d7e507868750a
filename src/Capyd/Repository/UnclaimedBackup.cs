using System.Globalization;
using Capyd.Archives;

namespace Capyd.Repository;

/// <summary>A backup of a project that the metadata do not know.</summary>
/// <param name="Restore">A command that restores it, encrypted or not; DATABASE is to be named.</param>
internal sealed record UnclaimedBackup(string BackupKey, string ProjectId, string ProjectName, DateTimeOffset CreatedAt, string Restore)
{
    public static UnclaimedBackup Of(ArchiveManifest manifest) => new(
        manifest.BackupKey, manifest.ProjectId, manifest.ProjectName, manifest.CreatedAt,
        $"capyd repository cat {manifest.BackupKey} | zstd -dc | pg_restore --no-owner --no-privileges -d DATABASE");

    public string Text() => string.Create(
        CultureInfo.InvariantCulture,
        $"of a project that the metadata do not know: {ProjectName} ({ProjectId}) as of {CreatedAt:yyyy-MM-dd HH:mm:ss} UTC; create a database, then {Restore}");
}
