namespace Capyd.Limits;

/// <summary>Since when a project's database lets nobody in, as seen look by look.</summary>
internal sealed class OutageWatch
{
    private readonly Dictionary<ProjectId, DateTimeOffset> _since = [];

    /// <summary>Seconds; 0 while it is reachable.</summary>
    public long Note(ProjectId project, bool reachable, DateTimeOffset now)
    {
        if (reachable)
        {
            _since.Remove(project);
            return 0;
        }

        _since.TryAdd(project, now);
        return (long)(now - _since[project]).TotalSeconds;
    }

    public void Forget(IReadOnlySet<ProjectId> live)
    {
        foreach (var gone in _since.Keys.Where(project => !live.Contains(project)).ToList())
        {
            _since.Remove(gone);
        }
    }
}
