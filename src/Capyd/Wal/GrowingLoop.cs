using Capyd.OffHost;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>Keeps a copy of the growing segment in the bucket for as long as the daemon runs. While the bucket is away nothing piles up here:
/// what is missing is copied when it is back.</summary>
internal sealed partial class GrowingLoop(OpenedRepository repository, WalParts parts, GrowingParts growing, ILogger<GrowingLoop> logger) : IBackgroundLoop
{
    private readonly RepeatedProblem _problems = new(parts.Clock);
    private GrowingCopy? _copy;
    private WalLineage? _lineage;
    private bool _settled;

    public async Task RunAsync(CancellationToken stopping)
    {
        if (repository.Passing is not { } bucket || growing.Every == TimeSpan.Zero)
        {
            return;
        }

        var wal = new GrowingWal(bucket);
        var reach = new GrowingReach(parts.State, growing.State, bucket, parts.Clock);
        var settlement = growing.Settlement(wal, bucket);
        try
        {
            while (true)
            {
                await Task.Delay(growing.Every, parts.Clock, stopping);
                await StepAsync(wal, reach, settlement, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next boot goes on where this one was.
        }
    }

    private async Task StepAsync(GrowingWal wal, GrowingReach reach, GrowingSettlement settlement, CancellationToken stopping)
    {
        if (parts.State is not { Lineage: { } lineage, Tail: { } tail })
        {
            return;
        }

        try
        {
            Follow(wal, reach, lineage, tail);
            reach.Sample();
            await _copy!.CatchUpAsync(tail, stopping);
            var directory = parts.Archive.SpoolOf(lineage.System);
            await reach.LookAsync(lineage, directory, _copy, stopping);
            _settled = _settled || (await settlement.RunAsync(lineage, tail.Segment, directory, stopping) & await settlement.RunOthersAsync(lineage, parts.Archive, stopping));
            _problems.Forget();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or MetadataException or InvalidDataException or WalRejectedException)
        {
            if (_problems.Meet(e) is not null)
            {
                LogNotCopied(e.Message);
            }
        }
    }

    private void Follow(GrowingWal wal, GrowingReach reach, WalLineage lineage, GrowingTail tail)
    {
        if (_lineage != lineage || tail.Segment.Number < _copy?.Segment.Number)
        {
            reach.StartOver();
        }

        if (_lineage != lineage || _copy?.Segment != tail.Segment)
        {
            (_lineage, _settled) = (lineage, false);
            _copy = new GrowingCopy(wal, lineage, tail.Segment, parts.Archive.SpoolOf(lineage.System));
        }
    }

    [LoggerMessage(9710, LogLevel.Warning, "the growing segment of WAL is not copied into the bucket for now: {Problem}")]
    private partial void LogNotCopied(string problem);
}
