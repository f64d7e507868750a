namespace Capyd.Storage.Repository.Spool;

/// <summary>Joins a listing of the spool with one of the remote store: each name once, what is to be removed not at all.</summary>
internal sealed class SpoolMerge(List<StoredObject> waiting, List<StoredObject> gone)
{
    private readonly List<StoredObject> _waiting = [.. waiting.OrderBy(one => one.Name.ToString(), StringComparer.Ordinal)];
    private readonly HashSet<ObjectName> _local = [.. waiting.Concat(gone).Select(one => one.Name)];
    private int _next;

    /// <summary>What comes before an object of the remote store, and that itself unless the spool knows better.</summary>
    public IEnumerable<StoredObject> Before(StoredObject remote)
    {
        var limit = remote.Name.ToString();
        while (_next < _waiting.Count && string.CompareOrdinal(_waiting[_next].Name.ToString(), limit) < 0)
        {
            yield return _waiting[_next++];
        }

        if (!_local.Contains(remote.Name))
        {
            yield return remote;
        }
    }

    public IEnumerable<StoredObject> Rest()
    {
        while (_next < _waiting.Count)
        {
            yield return _waiting[_next++];
        }
    }
}
