namespace Capyd.DataAccess;

/// <summary>How many queries run at once: a project has its share, and all together cost bounded memory.</summary>
internal sealed class QueryGate
{
    private const int PerProject = 4;
    private const int Together = 16;
    private readonly Lock _gate = new();
    private readonly Dictionary<ProjectId, int> _running = [];
    private int _total;

    /// <exception cref="CapydException">429 when there is no room.</exception>
    public IDisposable Enter(ProjectId project)
    {
        lock (_gate)
        {
            var own = _running.GetValueOrDefault(project);
            if (own >= PerProject || _total >= Together)
            {
                throw new CapydException(
                    ErrorCode.RateLimited, own >= PerProject ? $"{own} queries of this project run already" : $"{_total} queries run already", "try again when one has ended");
            }

            _running[project] = own + 1;
            _total++;
        }

        return new Place(this, project);
    }

    private void Leave(ProjectId project)
    {
        lock (_gate)
        {
            _total--;
            if (--_running[project] == 0)
            {
                _running.Remove(project);
            }
        }
    }

    private sealed class Place(QueryGate gate, ProjectId project) : IDisposable
    {
        public void Dispose() => gate.Leave(project);
    }
}
