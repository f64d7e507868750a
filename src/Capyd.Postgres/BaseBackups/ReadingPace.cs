namespace Capyd.Postgres.BaseBackups;

/// <summary>Keeps all readers together below a rate.</summary>
/// <param name="kilobytesPerSecond">Null for as fast as they can.</param>
internal sealed class ReadingPace(int? kilobytesPerSecond, TimeProvider clock)
{
    private static readonly TimeSpan WorthAWait = TimeSpan.FromMilliseconds(10);

    private readonly long _began = clock.GetTimestamp();
    private long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Waits until that many bytes more were allowed.</summary>
    public Task TakeAsync(int bytes, CancellationToken ct)
    {
        var all = Interlocked.Add(ref _bytes, bytes);
        if (kilobytesPerSecond is not { } rate)
        {
            return Task.CompletedTask;
        }

        var early = TimeSpan.FromSeconds(all / 1024d / rate) - clock.GetElapsedTime(_began);
        return early > WorthAWait ? Task.Delay(early, clock, ct) : Task.CompletedTask;
    }
}
