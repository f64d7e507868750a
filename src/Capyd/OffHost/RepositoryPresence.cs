using Capyd.Cluster;

namespace Capyd.OffHost;

/// <summary>Says when the repository's directory is not there, as after a boot without its disk. Everything else goes on meanwhile: WAL
/// waits in its spool, and jobs that need the repository are tried again.</summary>
internal sealed class RepositoryPresence(CapydOptions options, TimeProvider clock) : IComponentStatus
{
    private readonly RepositoryOpener _opener = new(options, clock);
    private DateTimeOffset? _since;

    public ComponentBody? Component => Problem() is { } problem ? new ComponentBody("Repository", "degraded", problem) : null;

    /// <summary>How long that has been so, as far as it was looked at; zero while it is there.</summary>
    public TimeSpan Missing
    {
        get
        {
            _since = Problem() is null ? null : _since ?? clock.GetUtcNow();
            return _since is { } since ? clock.GetUtcNow() - since : TimeSpan.Zero;
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
