using System.Collections.Concurrent;

namespace Capyd.Storage.Sqlite;

/// <summary>Idle connections for reading; a burst opens more, and only a few are kept.</summary>
internal sealed class ReaderPool(string path) : IDisposable
{
    private const int KeptIdle = 4;

    private readonly ConcurrentBag<SessionConnection> _idle = [];

    public T Use<T>(Func<SessionConnection, T> work)
    {
        var connection = _idle.TryTake(out var kept)
            ? kept
            : SessionConnection.Open(path, "PRAGMA query_only = ON");
        var healthy = false;
        try
        {
            connection.Run("BEGIN");
            var result = work(connection);
            connection.Run("COMMIT");
            healthy = true;
            return result;
        }
        finally
        {
            GiveBack(connection, healthy);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }

    private void GiveBack(SessionConnection connection, bool healthy)
    {
        if (healthy && _idle.Count < KeptIdle)
        {
            _idle.Add(connection);
        }
        else
        {
            connection.Dispose();
        }
    }
}
