using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>
/// restore_command. Its exit codes decide between "the archive ends here" and "stop": PostgreSQL takes 1 to 125 for the end
/// of the archive and promotes. So 0 is "here it is", 1 is only "not in the archive", and everything else is 255.
/// </summary>
public static class WalFetch
{
    public const int Delivered = 0;
    public const int NotInArchive = 1;
    public const int Failed = 255;

    /// <param name="name">%f</param>
    /// <param name="destination">%p</param>
    /// <param name="error">Told what is wrong, in one line.</param>
    /// <returns>The exit code. Never throws.</returns>
    public static Task<int> RunAsync(
        string name,
        string destination,
        WalLineage lineage,
        Func<WalFileName, CancellationToken, Task<WalLookup>> look,
        Action<string> error,
        CancellationToken cancellationToken) =>
        RunAsync(name, destination, lineage, look, error, durable: true, cancellationToken);

    /// <param name="durable">Whether the file is flushed to the disk; a sandbox that is thrown away needs none of it.</param>
    internal static async Task<int> RunAsync(
        string name,
        string destination,
        WalLineage lineage,
        Func<WalFileName, CancellationToken, Task<WalLookup>> look,
        Action<string> error,
        bool durable,
        CancellationToken cancellationToken)
    {
        try
        {
            var file = WalFileName.Parse(name, lineage.SegmentSize);
            switch (await look(file, cancellationToken))
            {
                case WalLookup.Found found:
                    await DeliverAsync(found, file, destination, lineage, durable, cancellationToken);
                    return Delivered;
                case WalLookup.NotThere:
                    return NotInArchive;
                default:
                    error($"{name} is missing in the archive although later WAL is there. Recovery cannot pass it: choose a base backup that is newer than the gap.");
                    return Failed;
            }
        }
        catch (Exception e)
        {
            // Any exit code but 255 would let PostgreSQL promote with data lost.
            error($"Could not fetch {name}: {e.Message}");
            return Failed;
        }
    }

    private static async Task DeliverAsync(
        WalLookup.Found found, WalFileName file, string destination, WalLineage lineage, bool durable, CancellationToken cancellationToken)
    {
        var unfinished = destination + ".capyd";
        await using (var source = found.Content)
        await using (var target = new FileStream(unfinished, FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            await source.CopyToAsync(target, cancellationToken);
            await ProveAsync(found, file, target, lineage, cancellationToken);
            target.Flush(durable);
        }

        File.Move(unfinished, destination, overwrite: true);
    }

    /// <summary>What is delivered is proven once more: a recovery that goes wrong later is far harder to read.</summary>
    private static async Task ProveAsync(
        WalLookup.Found found, WalFileName file, FileStream target, WalLineage lineage, CancellationToken cancellationToken)
    {
        target.Position = 0;
        if (file is not { Kind: WalFileKind.Segment, Segment: { } segment })
        {
            await HistoryCheck.ReadAsync(file, target, cancellationToken);
        }
        else if (!found.Partial)
        {
            await new WalScanner(lineage).ReadAsync(segment, target, cancellationToken);
        }
        else
        {
            var scan = await new WalScanner(lineage).ReadPartialAsync(segment, target, cancellationToken);
            CutAndFill(target, segment, (long)(scan.ContentEnd.Position - segment.Start.Position));
        }
    }

    /// <summary>Nothing after the last whole record may reach PostgreSQL.</summary>
    private static void CutAndFill(FileStream target, WalSegmentName segment, long content)
    {
        if (content > 0)
        {
            target.SetLength(Math.Min(target.Length, content));
        }

        target.SetLength(segment.Size.Bytes);
    }
}
