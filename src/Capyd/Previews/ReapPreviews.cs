using Capyd.Jobs;
using Capyd.Scheduling;
using Capyd.Storage.Jobs;
using Capyd.Storage.Previews;

namespace Capyd.Previews;

/// <summary>Ends previews whose time is over; one that is busy is looked at again at the next tick, and nobody is while the clock leaps.</summary>
internal sealed partial class ReapPreviews(MetadataDatabase metadata, JobQueue queue, DeletePreview delete, ClockGuard guard, TimeProvider clock, ILogger<ReapPreviews> logger)
    : IDueWork
{
    public string Name => "preview lifetimes";

    public async Task TickAsync(CancellationToken stopping)
    {
        var leap = guard.Leap();
        var expired = metadata.Read(session => PreviewStore.ListExpired(session, clock.GetUtcNow()));
        if (leap is { } ahead && expired.Count > 0)
        {
            LogHeld(expired.Count, ahead, ClockGuard.Grace);
            return;
        }

        foreach (var preview in expired)
        {
            await queue.AcceptAsync((tx, now) => Enqueue(tx, preview.Id, now), stopping);
        }
    }

    /// <summary>Looked at once more: it may have been extended a moment ago.</summary>
    private JobRow? Enqueue(MetadataTransaction tx, PreviewId id, DateTimeOffset now) =>
        PreviewStore.FindLive(tx, id) is { } preview && preview.TtlExpiresAt <= now && !JobStore.HasConflict(tx, JobQueue.PreviewLock(id), "exclusive")
            ? delete.Enqueue(tx, preview, now)
            : null;

    [LoggerMessage(
        6100, LogLevel.Warning,
        "{Count} previews look expired, but the clock is {Ahead} ahead of the time that has passed: they stay until it is set back, or has stood so for {Grace}")]
    private partial void LogHeld(int count, TimeSpan ahead, TimeSpan grace);
}
