using Capyd.Postgres.Recovery;
using Capyd.Storage.Repository;

namespace Capyd.Repository;

/// <summary>The directory beside a target in which its recovery works, <c>TARGET.capyd-recover</c>. It is there as long as the target is
/// not whole, and locked as long as somebody works on it.</summary>
internal sealed class RecoverWorkspace : IDisposable
{
    private const string Suffix = ".capyd-recover";
    private const UnixFileMode Passable = (UnixFileMode)0b111_001_001;
    private readonly FileStream _lock;

    private RecoverWorkspace(string target, string directory, FileStream held)
    {
        Target = target;
        Root = directory;
        _lock = held;
    }

    public string Target { get; }

    public string Root { get; }

    /// <summary>For the catalogue of the repository's chunks.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <param name="restart">Removes what an earlier recovery that was not finished has written into the target; anything else stays and is refused.</param>
    /// <exception cref="CapydException">409: the target is not empty, or somebody works on it.</exception>
    public static async Task<RecoverWorkspace> OpenAsync(string target, bool restart, TimeProvider clock, CancellationToken cancellation)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        var root = target + Suffix;
        var unfinished = Directory.Exists(root);
        if (!IsEmpty(target) && !(unfinished && restart))
        {
            throw new CapydException(ErrorCode.WrongState, unfinished
                ? $"an earlier recovery into {target} was not finished" : $"{target} is not an empty directory; nothing was written",
                unfinished ? "--restart removes what it wrote and begins again" : "name one that is empty or not there yet");
        }

        Directory.CreateDirectory(root, Passable);
        var workspace = new RecoverWorkspace(target, root, TakeLock(root));
        await ClusterRecovery.EndLeftoversAsync(target, clock, cancellation);
        Clear(target);
        DurableFile.CreateDirectory(workspace.Cache);
        return workspace;
    }

    /// <summary>The target is whole.</summary>
    public void Complete()
    {
        _lock.Dispose();
        Directory.Delete(Root, recursive: true);
        DurableFile.SyncDirectory(Path.GetDirectoryName(Root)!);
    }

    /// <summary>Leaves no trace when nothing was written.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (IsEmpty(Target) && Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    private static bool IsEmpty(string target) => !Path.Exists(target) || (Directory.Exists(target) && !Directory.EnumerateFileSystemEntries(target).Any());

    private static void Clear(string target)
    {
        foreach (var entry in Directory.Exists(target) ? new DirectoryInfo(target).EnumerateFileSystemInfos() : [])
        {
            if (entry is DirectoryInfo { LinkTarget: null } directory)
            {
                directory.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
    }

    private static FileStream TakeLock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new CapydException(ErrorCode.ActiveOperation, $"another capyd recovers into {root[..^Suffix.Length]} now", "wait for it, or end it");
        }
    }
}
