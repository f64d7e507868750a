using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>The file systems that WAL lies on.</summary>
/// <param name="Server">Null when capyd cannot see it.</param>
/// <param name="Shared">Whether the spool or the repository lies on the server's.</param>
internal sealed record WalDisks(DiskSpace? Server, DiskSpace? Spool, DiskSpace? Repository, bool Shared)
{
    public static async Task<WalDisks> ReadAsync(PostgresCluster cluster, DataDirectory directories, CancellationToken cancellation)
    {
        var server = WalDirectoryOf(await ServerDisk.DataDirectoryAsync(cluster, cancellation));
        var mounts = DriveInfo.GetDrives().Select(drive => drive.Name).ToList();
        var mount = MountOf(mounts, server);
        return new WalDisks(
            DiskSpace.At(server), DiskSpace.Near(directories.WalSpool), DiskSpace.Near(directories.Repository),
            mount == MountOf(mounts, directories.WalSpool) || mount == MountOf(mounts, directories.Repository));
    }

    /// <summary>pg_wal may be a link to another disk; where capyd may not look, it is taken to lie with the data.</summary>
    private static string WalDirectoryOf(string dataDirectory)
    {
        var wal = Path.Combine(dataDirectory, "pg_wal");
        try
        {
            return Directory.Exists(wal) ? Directory.ResolveLinkTarget(wal, returnFinalTarget: true)?.FullName ?? wal : dataDirectory;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return dataDirectory;
        }
    }

    private static string MountOf(IEnumerable<string> mounts, string path) => mounts
        .Where(mount => mount == "/" || path == mount || path.StartsWith(mount.TrimEnd('/') + "/", StringComparison.Ordinal))
        .MaxBy(mount => mount.Length) ?? "/";
}
