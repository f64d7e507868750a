namespace Capyd.Hosting;

/// <summary>Every path of a run comes from here.</summary>
internal sealed class DataDirectory(CapydOptions options)
{
    /// <summary>e.g. /var/lib/capyd</summary>
    public string Root { get; } = options.DataDir;

    /// <summary>e.g. /var/lib/capyd/capyd.db</summary>
    public string Metadata => Path.Combine(Root, "capyd.db");

    /// <summary>e.g. /var/lib/capyd/secret.key</summary>
    public string SecretKey => Path.Combine(Root, "secret.key");

    /// <summary>Held while a daemon runs, e.g. /var/lib/capyd/capyd.lock</summary>
    public string Lock => Path.Combine(Root, "capyd.lock");

    /// <summary>Where the repository is written on this host, which is the spool when it lies elsewhere; e.g. /var/lib/capyd/repository</summary>
    public string Repository => options.S3.IsOn ? RepositorySpool : options.Backups.Directory ?? Path.Combine(Root, "repository");

    /// <summary>What waits for a repository that is off this host, e.g. /var/lib/capyd/repository-spool</summary>
    public string RepositorySpool => options.S3.SpoolDirectory ?? Path.Combine(Root, "repository-spool");

    /// <summary>The id of the repository that is written, where it is a directory; e.g. /var/lib/capyd/repository.id</summary>
    public string RepositoryMark => Path.Combine(Root, "repository.id");

    /// <summary>Copies of the repository's own wrapped keys, for a start while it does not answer; e.g. /var/lib/capyd/repository-keys</summary>
    public string RepositoryKeys => Path.Combine(Root, "repository-keys");

    /// <summary>Unpacked archives on their way into a database; emptied at start. e.g. /var/lib/capyd/staging</summary>
    public string Staging => Path.Combine(Root, "staging");

    /// <summary>Files that were uploaded for imports, e.g. /var/lib/capyd/uploads</summary>
    public string Uploads => Path.Combine(Root, "uploads");

    /// <summary>One directory for each import under way, e.g. /var/lib/capyd/imports</summary>
    public string Imports => Path.Combine(Root, "imports");

    /// <summary>The embedded cluster, e.g. /var/lib/capyd/postgres</summary>
    public string Postgres => Path.Combine(Root, "postgres");

    /// <summary>The pooler's configuration, e.g. /var/lib/capyd/pooler</summary>
    public string Pooler => Path.Combine(Root, "pooler");

    /// <summary>WAL on its way into the repository, a directory for each server; e.g. /var/lib/capyd/wal-spool</summary>
    public string WalSpool => options.Pitr.SpoolDirectory ?? Path.Combine(Root, "wal-spool");

    /// <summary>Catalogue, locks and temporary files of the repository of base backups, e.g. /var/lib/capyd/chunks</summary>
    public string ChunkCache => Path.Combine(Root, "chunks");

    /// <summary>Private servers that recover a database, a directory for each; emptied at start. e.g. /var/lib/capyd/sandboxes</summary>
    public string Sandboxes => options.Pitr.SandboxDirectory ?? Path.Combine(Root, "sandboxes");

    /// <summary>The API's Unix socket: the service's own directory below /run for the system's data directory, else inside the data directory.</summary>
    public string Socket => options.Socket
        ?? (Root == SystemRoot && Directory.Exists(SystemRun) ? Path.Combine(SystemRun, "capyd.sock") : Path.Combine(Root, "capyd.sock"));

    /// <summary>Makes the directory (0700 where it is new). A root that exists keeps its mode.</summary>
    public void Create()
    {
        // PostgreSQL's programs run as another user when capyd is root and have to pass through to their own directories below.
        var mode = Environment.IsPrivilegedProcess ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private;
        Directory.CreateDirectory(Root, mode);
        Directory.CreateDirectory(Staging, mode);
        Directory.CreateDirectory(Imports, mode);
        Directory.CreateDirectory(Uploads, Private);
    }

    /// <summary>Made when WAL is followed for the first time. PostgreSQL's receiver works below it, perhaps as another user.</summary>
    public void CreateWalSpool() => Directory.CreateDirectory(
        WalSpool, Environment.IsPrivilegedProcess ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private);

    /// <summary>Made with the first recovery; its servers may run as another user.</summary>
    public void CreateSandboxes() => Directory.CreateDirectory(
        Sandboxes, Environment.IsPrivilegedProcess ? Private | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : Private);

    /// <summary>Takes the lock of this directory, or says who is in the way.</summary>
    public FileStream TakeLock()
    {
        try
        {
            return new FileStream(Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new IOException($"another capyd runs on {Root} (its lock is {Lock}): stop it, or give this one another --data-dir", e);
        }
    }

    private const string SystemRoot = "/var/lib/capyd";
    private const string SystemRun = "/run/capyd";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
}
