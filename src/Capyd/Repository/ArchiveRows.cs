using System.Text.Json;
using Capyd.Archives;
using Capyd.Storage.Backups;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Repository;
using Capyd.Storage.Schedules;

namespace Capyd.Repository;

/// <summary>Rows of the backups of projects, from the manifests beside the dumps.</summary>
internal sealed class ArchiveRows(IObjectStore objects, TimeProvider clock)
{
    private const string Folder = "backups/";
    private const string ManifestSuffix = ".dump.zst.json";

    private readonly List<UnclaimedBackup> _unclaimed = [];
    private readonly List<string> _damaged = [];

    /// <summary>Those whose projects the metadata do not know.</summary>
    public IReadOnlyList<UnclaimedBackup> Unclaimed => _unclaimed;

    /// <summary>What is wrong with those that cannot be restored.</summary>
    public IReadOnlyList<string> Damaged => _damaged;

    /// <returns>How many rows were missing and are there now.</returns>
    public async Task<int> AddAsync(MetadataDatabase metadata, CancellationToken cancellation)
    {
        var added = 0;
        var sizes = await SizesAsync(cancellation);
        foreach (var name in sizes.Keys.Where(name => name.EndsWith(ManifestSuffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            // One at a time: a manifest holds the inventory of a whole database.
            if (metadata.Read(session => BackupStore.FindByKey(session, KeyOf(name))) is null && await ReadAsync(name, sizes, cancellation) is { } manifest)
            {
                added += await metadata.WriteAsync(tx => Add(tx, manifest), cancellation) ? 1 : 0;
            }
        }

        return added;
    }

    private static string KeyOf(string manifest) => manifest[..^".json".Length];

    private async Task<Dictionary<string, long>> SizesAsync(CancellationToken cancellation)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var found in objects.ListAsync(Folder, cancellation))
        {
            sizes[found.Name.ToString()] = found.Size;
        }

        return sizes;
    }

    /// <returns>Null when the manifest or its dump is damaged, which is noted.</returns>
    private async Task<ArchiveManifest?> ReadAsync(string name, Dictionary<string, long> sizes, CancellationToken cancellation)
    {
        try
        {
            await using var stream = await objects.OpenReadAsync(ObjectName.Parse(name), cancellation);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes, cancellation);
            var manifest = ArchiveManifest.Parse(bytes.ToArray());
            if (manifest.BackupKey == KeyOf(name) && sizes.GetValueOrDefault(manifest.BackupKey, -1) == manifest.SizeBytes)
            {
                return manifest;
            }

            _damaged.Add($"{manifest.BackupKey}: the dump is missing, or has another size than its manifest says");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            _damaged.Add($"{name}: {e.Message}");
        }

        return null;
    }

    private bool Add(MetadataTransaction tx, ArchiveManifest manifest)
    {
        if (BackupStore.FindByKey(tx, manifest.BackupKey) is not null)
        {
            return false;
        }

        if (!ProjectId.TryParse(manifest.ProjectId, out var id) || ProjectStore.Find(tx, id) is not { } project)
        {
            _unclaimed.Add(UnclaimedBackup.Of(manifest));
            return false;
        }

        if (!BackupId.TryParse(manifest.BackupId, out var backup) || BackupStore.Find(tx, backup) is not null)
        {
            _damaged.Add($"{manifest.BackupKey}: its id {manifest.BackupId} is that of another backup");
            return false;
        }

        BackupStore.Insert(tx, Row(tx, backup, project, manifest));
        return true;
    }

    /// <summary>
    /// Not verified: the manifest was written before the proof. One whose retention is over already stays until somebody has looked.
    /// </summary>
    private BackupRow Row(MetadataTransaction tx, BackupId id, ProjectRow project, ArchiveManifest manifest) => new()
    {
        Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, DatabaseName = manifest.Inventory.Database,
        BackupKey = manifest.BackupKey, Label = manifest.Label, SizeBytes = manifest.SizeBytes, Sha256 = manifest.Sha256,
        State = BackupStates.Completed, VerificationState = VerificationStates.Pending,
        ScheduleId = ScheduleStore.FindByProject(tx, project.Id) is { } schedule && schedule.Id.ToString() == manifest.ScheduleId ? schedule.Id : null,
        RetentionDays = manifest.RetentionDays is { } days && manifest.CreatedAt.AddDays(days) > clock.GetUtcNow() ? days : null,
        JobId = Job(tx, project, manifest), CreatedAt = manifest.CreatedAt, UpdatedAt = clock.GetUtcNow(),
    };

    /// <summary>The job that made it, written down as one that has ended where the metadata have lost it.</summary>
    private static JobId Job(MetadataTransaction tx, ProjectRow project, ArchiveManifest manifest)
    {
        var id = JobId.TryParse(manifest.JobId, out var known) ? known : JobId.New();
        if (JobStore.Find(tx, id) is null)
        {
            JobStore.Insert(tx, new JobRow
            {
                Id = id, OrganizationId = project.OrganizationId, ProjectId = project.Id, Type = "project.backup", State = JobStates.Completed,
                PayloadJson = "{}", Attempts = 1, MaxAttempts = 1, LockMode = LockModes.Shared, Progress = 1,
                RunAfter = manifest.CreatedAt, CompletedAt = manifest.CreatedAt, CreatedAt = manifest.CreatedAt, UpdatedAt = manifest.CreatedAt,
            });
        }

        return id;
    }
}
