using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Directories and files of a quarantine, and whom they belong to.</summary>
internal static class QuarantineFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OthersRead = OthersPass | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Other users may pass through, to what is theirs, when confined programs run as another user.</summary>
    public static void Make(QuarantineLayout layout, Confinement confinement)
    {
        Directory.CreateDirectory(layout.Root);
        File.SetUnixFileMode(layout.Root, confinement.OsUser is null ? OwnerOnly : OthersPass);
        if (confinement.OsUser is not null)
        {
            File.SetUnixFileMode(Path.GetDirectoryName(layout.Root)!, OthersPass);
        }

        Directory.CreateDirectory(layout.Cluster);
        Directory.CreateDirectory(layout.Archive);
        File.SetUnixFileMode(layout.Archive, confinement.OsUser is null ? OwnerOnly : OthersRead);
    }

    /// <summary>Makes a file that pg_restore may read.</summary>
    public static FileStream Create(string path) =>
        new(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
        });

    /// <summary>As root, hands a directory to the OS user of confined programs; otherwise it is ours already.</summary>
    public static async Task GiveAsync(string directory, Confinement confinement, ToolRunner runner, CancellationToken cancellationToken)
    {
        if (confinement.OsUser is { } user)
        {
            var chown = new ToolCommand("chown", ["-R", "-h", "--", $"{user}:", directory]);
            (await runner.RunAsync(chown, ToolStreams.None, cancellationToken)).EnsureSuccess(chown);
        }
    }
}
