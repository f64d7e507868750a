using Capyd.Archives;
using Capyd.Recovery;
using Capyd.Storage.Backups;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>The moments at which proven dumps of a project were taken: there its content is known by another way.</summary>
internal sealed class DumpMoments(MetadataDatabase metadata, ArchiveStore archives)
{
    /// <summary>Manifests are files; more than these are not opened for one drill.</summary>
    private const int MostTried = 3;

    /// <summary>One that is drawn; null when none can be recovered.</summary>
    public async Task<DumpMoment?> DrawAsync(ProjectRow project, RecoveryWindow window, Random random, CancellationToken cancellation)
    {
        var proven = metadata.Read(session => BackupStore.ListByProject(session, project.Id, includeRunning: false))
            .Where(backup => backup is { State: BackupStates.Completed, VerificationState: VerificationStates.Verified } && window.Contains(backup.CreatedAt)).ToArray();
        random.Shuffle(proven);
        foreach (var backup in proven.Take(MostTried))
        {
            if (await ReadAsync(backup, cancellation) is { } moment && window.Contains(moment.At))
            {
                return moment;
            }
        }

        return null;
    }

    /// <summary>That of one dump; null when it is gone, or does not say which transactions it saw.</summary>
    public async Task<DumpMoment?> FindAsync(BackupId id, CancellationToken cancellation) =>
        metadata.Read(session => BackupStore.Find(session, id)) is { } backup ? await ReadAsync(backup, cancellation) : null;

    /// <exception cref="CapydException">The project has no such dump, or it does not say which transactions it saw.</exception>
    public async Task<DumpMoment> RequireAsync(ProjectRow project, string key, CancellationToken cancellation)
    {
        var backup = metadata.Read(session => BackupStore.FindByKey(session, key));
        if (backup is null || backup.ProjectId != project.Id || backup.State != BackupStates.Completed)
        {
            throw CapydException.NotFound("backup");
        }

        return await ReadAsync(backup, cancellation) ?? throw new CapydException(
            ErrorCode.BackupUnusable, $"backup {key} does not say which transactions it saw: an older capyd took it", "take another: POST …/backups");
    }

    private async Task<DumpMoment?> ReadAsync(BackupRow backup, CancellationToken cancellation) =>
        await archives.FindManifestAsync(backup.BackupKey, cancellation) is { Inventory: { Snapshot: { } snapshot } inventory }
            ? new DumpMoment(backup.Id, Milliseconds.Up(snapshot.At), inventory)
            : null;
}
