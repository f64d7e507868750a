using Capyd.Cluster;

namespace Capyd.OffHost;

/// <summary>Says when the repository's directory is not there, as after a boot without its disk. Everything else goes on meanwhile: WAL
/// waits in its spool, and jobs that need the repository are tried again.</summary>
internal sealed class RepositoryPresence(SpoolState spool, CapydOptions options, TimeProvider clock) : IComponentStatus
{
    private readonly RepositoryOpener _opener = new(options, clock);
    private readonly Lock _gate = new();
    private DateTimeOffset? _since;

    public ComponentBody? Component => Problem() is { } problem ? new ComponentBody("Repository", "degraded", problem) : null;

    /// <summary>How long the bucket could not be used, or the directory has been missing since somebody looked for the first time; zero while
    /// it is there.</summary>
    public TimeSpan Away()
    {
        if (options.S3.IsOn)
        {
            return spool.Unreachable;
        }

        var (missing, now) = (Problem() is not null, clock.GetUtcNow());
        lock (_gate)
        {
            _since = missing ? _since ?? now : null;
            return now - (_since ?? now);
        }
    }

    private string? Problem()
    {
        try
        {
            return _opener.Mark?.Problem;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }
}
