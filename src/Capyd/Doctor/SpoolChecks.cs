using System.Globalization;
using Capyd.OffHost;

namespace Capyd.Doctor;

/// <summary>What waits for the bucket on this host, and whether it can leave.</summary>
internal sealed class SpoolChecks(CapydOptions options, DataDirectory directories, TimeProvider clock)
{
    private const string Check = "repository spool";
    private const double Mebibyte = 1 << 20;

    public IEnumerable<Finding> Run(string? databases)
    {
        if (!options.S3.IsOn)
        {
            yield break;
        }

        yield return Waiting(Path.Combine(directories.RepositorySpool, "objects"));
        if (databases is not null)
        {
            yield return Apart(databases);
        }
    }

    /// <summary>One object that cannot be read keeps all that come after it.</summary>
    private Finding Waiting(string objects)
    {
        var (count, bytes, oldest) = (0, 0L, DateTimeOffset.MaxValue);
        try
        {
            foreach (var file in Directory.Exists(objects) ? Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories) : [])
            {
                try
                {
                    using var content = File.OpenHandle(file);
                    (count, bytes) = (count + 1, bytes + RandomAccess.GetLength(content));
                    oldest = File.GetLastWriteTimeUtc(content) is var written && written < oldest ? written : oldest;
                }
                catch (FileNotFoundException)
                {
                    // It has left in this moment.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Finding.Fail(Check, $"{e.Message} Nothing leaves this host until {Environment.UserName} can read it", $"chown -R --reference={directories.Root} {directories.RepositorySpool}");
        }

        var words = string.Create(CultureInfo.InvariantCulture, $"{count} objects of {bytes / Mebibyte:0.0} MiB are only on this host");
        return count > 0 && clock.GetUtcNow() - oldest > SpoolState.Worrying
            ? Finding.Warn(Check, string.Create(CultureInfo.InvariantCulture, $"{words}, the oldest since {oldest:yyyy-MM-dd HH:mm:ss} UTC"), "capyd status says what hinders; capyd repository flush waits for them")
            : Finding.Pass(Check, count == 0 ? "everything is in the bucket" : words);
    }

    private Finding Apart(string databases)
    {
        var mounts = MountTable.Read();
        var (ours, theirs) = (mounts.DeviceOf(directories.RepositorySpool), mounts.DeviceOf(databases));
        return ours is null || ours != theirs ? Finding.Pass("spool's disk", $"{directories.RepositorySpool} is on another disk than {databases}")
            : options.S3.SpoolLimitBytes > 0 ? Finding.Pass("spool's disk", $"{directories.RepositorySpool} is on the disk of {databases}, and limited")
            : Finding.Warn("spool's disk", $"{directories.RepositorySpool} is on the disk of {databases}: an outage of the bucket fills it until a tenth is free", "set repository.s3.spool_limit, or repository.s3.spool_directory to another disk");
    }
}
