namespace Capyd.Cluster;

/// <summary>Whether somebody waits for a database that is being built. What nobody waits for may then stand back for a while.</summary>
internal sealed class BuildRush
{
    private int _builds;

    public bool IsOn => Volatile.Read(ref _builds) > 0;

    public async Task<T> DuringAsync<T>(Func<Task<T>> build)
    {
        Interlocked.Increment(ref _builds);
        try
        {
            return await build();
        }
        finally
        {
            Interlocked.Decrement(ref _builds);
        }
    }
}
