using System.Runtime.ExceptionServices;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Imports;

/// <summary>Ends a load that takes too long, fills too much disk or has lost its server; the reason is what the caller sees.</summary>
internal sealed class QuarantineWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly QuarantineLimits _limits;
    private readonly QuarantineLayout _layout;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end;
    private readonly long _started;
    private Exception? _reason;

    public QuarantineWatch(QuarantineLimits limits, QuarantineLayout layout, TimeProvider clock, CancellationToken cancellationToken)
    {
        (_limits, _layout, _clock) = (limits, layout, clock);
        _started = clock.GetTimestamp();
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Runs work until it ends or a limit is reached.</summary>
    public async Task<T> GuardAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        var measuring = MeasureAsync(done.Token);
        try
        {
            return await PostgresFailure.GuardAsync("load the file into the throw-away cluster", () => work(_end.Token));
        }
        catch (Exception) when (_reason is not null)
        {
            ExceptionDispatchInfo.Throw(_reason);
            throw;
        }
        finally
        {
            await done.CancelAsync();
            await measuring;
        }
    }

    public void Watch(Task died) =>
        _ = died.ContinueWith(
            _ => End(new PostgresFailedException(
                "The throw-away cluster ended in the middle of the work; memory may have run out. Try again.", null, RetryClass.Transient)),
            _end.Token,
            TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);

    public void Dispose() => _end.Dispose();

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, _clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_clock.GetElapsedTime(_started) > _limits.Duration)
            {
                End(new ImportRefusedException($"The import took longer than the limit of {_limits.Duration}. Raise the limit, or import less."));
            }
            else if (!cancellationToken.IsCancellationRequested && SizeOf(_layout.Cluster) > _limits.ClusterBytes)
            {
                End(new ImportRefusedException(
                    $"Loaded, the file takes more disk than the limit of {_limits.ClusterBytes} bytes. Raise the limit, or import less."));
            }
        }
    }

    private void End(Exception reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _end.Cancel();
        }
    }

    /// <summary>Files come and go while they are counted.</summary>
    private static long SizeOf(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(static file => file.Exists ? file.Length : 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
