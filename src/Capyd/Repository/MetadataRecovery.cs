using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>Puts capyd's own metadata back from a copy in the repository.</summary>
internal sealed class MetadataRecovery(MetadataSnapshotStore snapshots, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <exception cref="CapydException">409: the data directory has metadata already.</exception>
    public static void Refuse(string dataDir)
    {
        if (File.Exists(FileIn(dataDir)))
        {
            throw new CapydException(ErrorCode.WrongState, $"{FileIn(dataDir)} is there already; nothing was written", "name another --data-dir, or move it away");
        }
    }

    /// <summary>The newest copy about that server that is not later than the moment; without one the oldest. Null when there is none.</summary>
    public async Task<MetadataSnapshot?> ChooseAsync(SystemIdentifier system, DateTimeOffset moment, CancellationToken cancellation)
    {
        var all = await snapshots.ListAsync(system, cancellation);
        return all.LastOrDefault(snapshot => snapshot.At <= moment) ?? (all.Count > 0 ? all[0] : null);
    }

    /// <summary>Writes the copy as the metadata of a data directory, checked, durable, and owned as the directory is.</summary>
    /// <exception cref="MetadataCorruptException">The copy is damaged; nothing is left of it.</exception>
    /// <exception cref="InvalidDataException">The copy is damaged; nothing is left of it.</exception>
    public async Task RestoreAsync(MetadataSnapshot snapshot, string dataDir, CancellationToken cancellation)
    {
        Refuse(dataDir);
        DurableFile.CreateDirectory(Path.GetFullPath(dataDir));
        var partial = FileIn(dataDir) + ".recovering";
        try
        {
            await CopyAsync(snapshot, partial, cancellation);
            MetadataDatabase.Open(partial, clock).Dispose();
            DurableFile.SyncFile(partial);
            var give = new ToolCommand("chown", ["--reference", dataDir, "--", partial]);
            (await new ToolRunner(clock).RunAsync(give, ToolStreams.None, cancellation)).EnsureSuccess(give);
            DurableFile.Replace(partial, FileIn(dataDir));
        }
        finally
        {
            foreach (var left in Directory.EnumerateFiles(dataDir, Path.GetFileName(partial) + "*"))
            {
                File.Delete(left);
            }
        }
    }

    private async Task CopyAsync(MetadataSnapshot snapshot, string file, CancellationToken cancellation)
    {
        await using var source = await snapshots.OpenAsync(snapshot, cancellation);
        await using var target = new FileStream(file, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await source.CopyToAsync(target, cancellation);
    }

    private static string FileIn(string dataDir) => Path.Combine(dataDir, "capyd.db");
}
