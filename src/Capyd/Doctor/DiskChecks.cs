using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Doctor;

/// <summary>Room on the disks, and whether a lost disk would take the database and its backups together.</summary>
internal sealed class DiskChecks(CapydOptions options, DataDirectory directories)
{
    private const double Gibibyte = 1L << 30;

    public IEnumerable<Finding> Run(ServerCondition? server)
    {
        yield return Room("disk of the state directory", directories.Root, null);
        yield return options.S3.IsOn
            ? Room("disk of the spool", directories.RepositorySpool, null)
            : Room("disk of the repository", directories.Repository, server?.DatabaseBytes);
        if (server is not null && !options.S3.IsOn)
        {
            yield return Apart(server.DataDirectory);
        }
    }

    private string More => "free space, or use a larger disk: " + (options.S3.IsOn ? "repository.s3.spool_directory" : "repository.directory");

    private Finding Room(string check, string path, long? databases)
    {
        var place = Existing(path);
        try
        {
            var drive = new DriveInfo(place);
            var (free, share) = (drive.AvailableFreeSpace, (double)drive.AvailableFreeSpace / drive.TotalSize);
            var words = string.Create(CultureInfo.InvariantCulture, $"{free / Gibibyte:0.0} GiB free below {path} ({share:P0})");
            return (free < Gibibyte || share < 0.02, share < 0.1 || free < databases) switch
            {
                (true, _) => Finding.Fail(check, words + ": backups and jobs are about to fail", More),
                (_, true) => Finding.Warn(check, words + (free < databases ? string.Create(CultureInfo.InvariantCulture, $"; the databases have {databases.Value / Gibibyte:0.0} GiB") : ""), More),
                _ => Finding.Pass(check, words),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Warn(check, $"the room below {path} cannot be measured: {e.Message}", "look with df");
        }
    }

    private Finding Apart(string data)
    {
        var mounts = MountTable.Read();
        var (ours, theirs) = (mounts.DeviceOf(directories.Repository), mounts.DeviceOf(data));
        return ours is not null && ours == theirs
            ? Finding.Warn("repository apart", $"{directories.Repository} is on the disk of {data}: who loses that disk loses the database and its backups", "set repository.directory to another disk")
            : Finding.Pass("repository apart", $"{directories.Repository} is on another disk than {data}");
    }

    private static string Existing(string path) => Directory.Exists(path) ? path : Existing(Path.GetDirectoryName(path) ?? "/");
}
