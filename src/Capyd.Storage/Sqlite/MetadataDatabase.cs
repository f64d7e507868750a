using Capyd.Storage.Repository;

namespace Capyd.Storage.Sqlite;

/// <summary>The durable record of everything capyd has promised: one SQLite file in WAL mode.</summary>
public sealed class MetadataDatabase : IDisposable
{
    private const string WriterPragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly SessionConnection _writer;
    private readonly SessionConnection _watcher;
    private readonly ReaderPool _readers;
    private readonly SemaphoreSlim _writeGate = new(1, 1);
    private readonly Lock _watcherGate = new();
    private long _commits;

    private MetadataDatabase(string path, SessionConnection writer, SessionConnection watcher)
    {
        _path = path;
        _writer = writer;
        _watcher = watcher;
        _readers = new ReaderPool(path);
    }

    /// <summary>How often this process has committed; grows with each one.</summary>
    public long CommitCount => Interlocked.Read(ref _commits);

    /// <summary>Opens the file, creates it (0600) when missing, checks it and migrates its schema.</summary>
    /// <exception cref="MetadataCorruptException">The file is damaged.</exception>
    /// <exception cref="SchemaTooNewException">A newer capyd wrote it.</exception>
    public static MetadataDatabase Open(string path, TimeProvider clock)
    {
        CreateIfMissing(path);
        var writer = SessionConnection.Open(path, WriterPragmas);
        try
        {
            Check(writer);
            new Migrator(writer, clock).Run();
            return new MetadataDatabase(path, writer, SessionConnection.Open(path, "PRAGMA query_only = ON"));
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Reads one consistent moment; never waits for writers.</summary>
    public T Read<T>(Func<MetadataSession, T> work) =>
        _readers.Use(connection => work(MetadataSession.ForReading(connection)));

    /// <summary>Writes one transaction, durable when the task completes; any exception undoes all of it.
    /// One at a time in this process, so <paramref name="work"/> must not call this again.</summary>
    /// <param name="ct">Ends the wait for earlier writers; a transaction that has begun is finished.</param>
    public async Task<T> WriteAsync<T>(Func<MetadataTransaction, T> work, CancellationToken ct)
    {
        await _writeGate.WaitAsync(ct);
        try
        {
            return Write(work);
        }
        finally
        {
            _writeGate.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Action<MetadataTransaction> work, CancellationToken ct) => WriteAsync(
        transaction =>
        {
            work(transaction);
            return true;
        },
        ct);

    /// <summary>A number that differs from the last answer when anybody, also another process, has committed since.</summary>
    public long DataVersion()
    {
        lock (_watcherGate)
        {
            return MetadataSession.ForReading(_watcher)
                .First("PRAGMA data_version", row => row.Integer("data_version"));
        }
    }

    /// <summary>Copies one consistent moment into a single file (0600), durable when this returns.</summary>
    public void BackupTo(string path)
    {
        var partial = $"{path}.{Guid.NewGuid():N}.partial";
        try
        {
            CreateIfMissing(partial);
            using (var target = SessionConnection.Open(partial, ""))
            using (var source = SessionConnection.Open(_path, "PRAGMA query_only = ON"))
            {
                source.CopyTo(target);
                target.Run("PRAGMA journal_mode = DELETE");
            }

            DurableFile.SyncFile(partial);
            DurableFile.Replace(partial, path);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    public void Dispose()
    {
        _readers.Dispose();
        _watcher.Dispose();
        _writer.Dispose();
        _writeGate.Dispose();
    }

    private T Write<T>(Func<MetadataTransaction, T> work)
    {
        _writer.Run("BEGIN IMMEDIATE");
        try
        {
            var result = work(new MetadataTransaction(_writer));
            _writer.Run("COMMIT");
            Interlocked.Increment(ref _commits);
            return result;
        }
        catch
        {
            _writer.RollBackIfOpen();
            throw;
        }
    }

    private static void Check(SessionConnection connection)
    {
        var finding = MetadataSession.ForReading(connection)
            .First("PRAGMA quick_check(1)", row => row.Text("quick_check"));
        if (finding != "ok")
        {
            throw new MetadataCorruptException(connection.Path, finding ?? "quick_check gave no answer");
        }
    }

    private static void CreateIfMissing(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        using (new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            UnixCreateMode = OwnerOnly,
        }))
        {
        }

        DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
