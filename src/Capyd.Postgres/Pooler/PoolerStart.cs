namespace Capyd.Postgres.Pooler;

/// <summary>Reads from a starting PgBouncer's words whether it is up. It comes up also when it could not take its address.</summary>
internal sealed class PoolerStart
{
    private const string CannotListen = "cannot listen on";
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Up => _up.Task;

    /// <summary>What is wrong although it is up, as the end of a sentence about it; complete when <see cref="Up"/> is.</summary>
    public string? Problem { get; private set; }

    public void Note(string line)
    {
        if (line.IndexOf(CannotListen, StringComparison.Ordinal) is >= 0 and var at)
        {
            Problem ??= line[at..];
        }
        else if (line.Contains("LOG process up", StringComparison.Ordinal))
        {
            _up.TrySetResult();
        }
    }
}
