using Capyd.Storage.Repository.Chunks;
using Capyd.Storage.Repository.Spool;

namespace Capyd.OffHost;

/// <summary>Ships the spool for as long as the daemon runs. While the bucket does not answer it is tried again, ever more seldom.</summary>
internal sealed partial class SpoolLoop(OpenedRepository repository, SpoolState state, LoopHealth health, ILogger<SpoolLoop> logger) : IBackgroundLoop
{
    /// <summary>Longer than all attempts at one request together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>For what other processes leave in the spool.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LearnEvery = TimeSpan.FromHours(12);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private readonly TimeProvider _clock = TimeProvider.System;
    private long? _learnedAt;
    private TimeSpan _pause = FirstPause;
    private string? _said;

    public async Task RunAsync(CancellationToken stopping)
    {
        if (repository.Spool is not { } spool)
        {
            return;
        }

        var pulse = health.Watch("shipping of the repository", Patience);
        try
        {
            spool.Shipper.Moved = pulse.Beat;
            spool.Shipper.Reached = Reach;
            using var right = await TakeAsync(spool.Shipper, stopping);
            while (true)
            {
                pulse.Beat();
                var pause = await StepAsync(spool, stopping);
                await LookAsync(spool, stopping);
                await spool.Shipper.WaitAsync(pause, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was being sent stays in the spool.
        }
    }

    /// <returns>How long to wait.</returns>
    private async Task<TimeSpan> StepAsync(SpooledObjectStore spool, CancellationToken stopping)
    {
        try
        {
            if (_learnedAt is not { } at || _clock.GetElapsedTime(at) >= LearnEvery)
            {
                await spool.Shipper.LearnAsync(stopping);
                _learnedAt = _clock.GetTimestamp();
            }

            while (await spool.Shipper.ShipSomeAsync(stopping))
            {
                await LookAsync(spool, stopping);
            }

            if (spool.Shipper.AnsweredAt is not { } answered || _clock.GetUtcNow() - answered >= ProbeEvery)
            {
                await spool.Shipper.ProbeAsync(stopping);
            }

            Works();
            return LookEvery;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Failed(e.Message);
        }
    }

    private async Task LookAsync(SpooledObjectStore spool, CancellationToken stopping)
    {
        state.Latest = await spool.ReadStatusAsync(stopping);
        state.ShippedBytes = spool.Shipper.ShippedBytes;
    }

    /// <summary>A command may be shipping in this moment.</summary>
    private async Task<IDisposable> TakeAsync(SpoolShipper shipper, CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return shipper.Take();
            }
            catch (RepositoryBusyException)
            {
                await Task.Delay(LookEvery, _clock, stopping);
            }
        }
    }

    private static void Reach(ShippingStep step)
    {
        switch (step)
        {
            case ShippingStep.Begins:
                FaultPoint.Reach("ship.before_upload");
                break;
            case ShippingStep.Underway:
                FaultPoint.Reach("ship.between_parts");
                break;
            default:
                FaultPoint.Reach("ship.after_upload");
                break;
        }
    }

    private void Works()
    {
        if (_said is not null)
        {
            LogReachable();
        }

        (_said, _pause) = (null, FirstPause);
    }

    private TimeSpan Failed(string problem)
    {
        if (_said != problem)
        {
            LogUnreachable(problem);
        }

        var pause = _pause;
        (_said, _pause) = (problem, pause * 2 < LongestPause ? pause * 2 : LongestPause);
        return pause;
    }

    [LoggerMessage(9700, LogLevel.Error, "the repository's bucket takes nothing; what is written waits in the spool: {Problem}")]
    private partial void LogUnreachable(string problem);

    [LoggerMessage(9701, LogLevel.Information, "the repository's bucket takes objects again")]
    private partial void LogReachable();
}
