using Capyd.Postgres.Wal.Commits;

namespace Capyd.Postgres.Wal.Commands;

/// <summary>archive_command. Answers 0 (it is durable in the archive) or 1 (it is not; PostgreSQL tries again) only: an exit
/// code above 125 ends PostgreSQL's archiver and is counted nowhere.</summary>
public static class WalPush
{
    public const int Archived = 0;
    public const int Failed = 1;

    /// <param name="path">%p</param>
    /// <param name="store">As for <see cref="SegmentArchiver"/>: durable when it returns, other content under the same name is an error.</param>
    /// <param name="error">Told what is wrong, in one line.</param>
    /// <returns>The exit code. Never throws.</returns>
    public static async Task<int> RunAsync(
        string path,
        WalLineage lineage,
        Func<WalFileName, Stream, CancellationToken, Task> store,
        Action<string> error,
        CancellationToken cancellationToken)
    {
        try
        {
            var name = WalFileName.Parse(Path.GetFileName(path), lineage.SegmentSize);
            await using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await ProveAsync(name, content, lineage, cancellationToken);
            content.Position = 0;
            await store(name, content, cancellationToken);
            return Archived;
        }
        catch (Exception e)
        {
            // Whatever it was, PostgreSQL must keep the file and try again.
            error($"Could not archive {path}: {e.Message}");
            return Failed;
        }
    }

    private static Task ProveAsync(WalFileName name, FileStream content, WalLineage lineage, CancellationToken cancellationToken) =>
        name switch
        {
            { Kind: WalFileKind.Segment, Segment: { } segment } => new WalScanner(lineage).ReadAsync(segment, content, cancellationToken),
            { Kind: WalFileKind.Partial, Segment: { } segment } => new WalScanner(lineage).ReadPartialAsync(segment, content, cancellationToken),
            _ => HistoryCheck.ReadAsync(name, content, cancellationToken),
        };
}
