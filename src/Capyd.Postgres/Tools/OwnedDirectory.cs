namespace Capyd.Postgres.Tools;

/// <summary>Directories that PostgreSQL's programs work in and nobody else may enter.</summary>
internal static class OwnedDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Makes a directory of mode 0700 that belongs to the user of the tools; an existing one is made so.</summary>
    public static async Task CreateAsync(ToolRunner runner, string directory, string? user, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        await GiveAsync(runner, directory, user, cancellationToken);
        File.SetUnixFileMode(directory, OwnerOnly);
    }

    /// <summary>As root, hands a directory and what is in it to the user of the tools; otherwise it is ours already.</summary>
    public static async Task GiveAsync(ToolRunner runner, string path, string? user, CancellationToken cancellationToken)
    {
        if (user is not null && Environment.IsPrivilegedProcess)
        {
            var chown = new ToolCommand("chown", ["-R", "-h", "--", $"{user}:", path]);
            (await runner.RunAsync(chown, ToolStreams.None, cancellationToken)).EnsureSuccess(chown);
        }
    }
}
