namespace Capyd.Postgres.BaseBackups;

/// <summary>What to write out and where.</summary>
/// <param name="Target">The new data directory; missing or empty.</param>
public sealed record BaseBackupRestoreRequest(IBaseBackupContents Contents, string Target)
{
    /// <summary>The databases whose contents are wanted; null for all. Relations of others become holes of the right size,
    /// so that replay finds them. Name those of template1 and postgres too: a server does not start its sessions without.</summary>
    public IReadOnlySet<uint>? Databases { get; init; }

    /// <summary>Where tablespaces go: each into a directory named by its OID below this one, which is missing or empty. Null
    /// puts them below <c>tablespaces</c> in the target. pg_tblspc links there, never to where they were.</summary>
    public string? TablespaceDirectory { get; init; }

    /// <summary>Flushes everything to disk before this ends; not needed for a server that is thrown away.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The OS user who gets everything, when capyd is root; null keeps it ours.</summary>
    public string? Owner { get; init; }

    /// <summary>Files that are written at the same time.</summary>
    public int Parallelism { get; init; } = Math.Clamp(Environment.ProcessorCount, 1, 4);

    /// <summary>Plain bytes written so far, without holes.</summary>
    public Action<long>? Progress { get; init; }
}
