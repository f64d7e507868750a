using Capyd.Postgres.Tools;

namespace Capyd.Postgres.BaseBackups;

/// <summary>Writes a base backup out as a data directory. Until it has ended there is no global/pg_control, without which
/// no server starts, so what an aborted one leaves cannot be mistaken.</summary>
public sealed class BaseBackupRestore(ToolRunner runner)
{
    private const string ControlFile = "global/pg_control";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <exception cref="IOException">The target or a tablespace's directory is not empty, or the disk is full.</exception>
    /// <exception cref="InvalidDataException">The backup holds paths or links that lead elsewhere, or lacks pg_control.</exception>
    public async Task<RestoredDirectory> RunAsync(BaseBackupRestoreRequest request, CancellationToken cancellationToken)
    {
        var paths = new RestorePaths(request.Target, request.TablespaceDirectory);
        Prepare(paths.Target);
        if (request.TablespaceDirectory is not null)
        {
            Prepare(paths.Tablespaces);
        }

        var files = new FileWriting(request, paths);
        var layout = new LayoutWriting(paths);
        await Parallel.ForEachAsync(
            layout.FilesOf(request.Contents.Members.Where(static member => member.Path != ControlFile)),
            new ParallelOptions { MaxDegreeOfParallelism = request.Parallelism, CancellationToken = cancellationToken },
            async (file, token) => await files.WriteAsync(file, token));
        layout.SetModes(request.Durable);
        await WriteControlAsync(request, files, paths, cancellationToken);
        await GiveAsync(request, paths, cancellationToken);
        return new RestoredDirectory(paths.Target, files.Files, files.WrittenBytes, files.SkippedBytes);
    }

    private static async Task WriteControlAsync(
        BaseBackupRestoreRequest request, FileWriting files, RestorePaths paths, CancellationToken ct)
    {
        var control = request.Contents.Members.FirstOrDefault(static member => member.Path == ControlFile)
            ?? throw new InvalidDataException("The base backup has no global/pg_control; it is not whole.");
        await files.WriteAsync(control, ct);
        if (request.Durable)
        {
            DirectorySync.Run(Path.Combine(paths.Target, "global"));
        }
    }

    private async Task GiveAsync(BaseBackupRestoreRequest request, RestorePaths paths, CancellationToken ct)
    {
        if (request.Owner is { } owner && Environment.IsPrivilegedProcess)
        {
            string[] places = request.TablespaceDirectory is null ? [paths.Target] : [paths.Target, paths.Tablespaces];
            var chown = new ToolCommand("chown", ["-R", "-h", "--", $"{owner}:", .. places]);
            (await runner.RunAsync(chown, ToolStreams.None, ct)).EnsureSuccess(chown);
        }
    }

    private static void Prepare(string directory)
    {
        if (Path.Exists(directory) && (!Directory.Exists(directory) || Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new IOException($"{directory} is not an empty directory. Nothing was written; choose another one or empty it.");
        }

        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, OwnerOnly);
    }
}
