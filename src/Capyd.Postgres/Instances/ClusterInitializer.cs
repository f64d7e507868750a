using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Instances;

/// <summary>Makes the embedded server's directories and, once, its cluster. Safe to repeat after a crash at any point.</summary>
internal sealed class ClusterInitializer(EmbeddedLayout layout, PostgresInstallation installation, ToolRunner runner)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public async Task PrepareDirectoriesAsync(CancellationToken cancellationToken)
    {
        await OwnAsync(layout.Root, OthersPass, cancellationToken);
        await OwnAsync(layout.Log, OwnerOnly, cancellationToken);
        await OwnAsync(layout.Run, OthersPass, cancellationToken);
    }

    /// <summary>Runs initdb beside the final place and moves the result there, so that a half-made cluster is never started.</summary>
    public async Task InitializeAsync(int port, CancellationToken cancellationToken)
    {
        if (await RunInitdbAsync("C.UTF-8", cancellationToken) is { ExitCode: not 0 } refused)
        {
            if (!refused.StderrTail.Contains("locale", StringComparison.OrdinalIgnoreCase))
            {
                refused.EnsureSuccess(Initdb("C.UTF-8"));
            }

            (await RunInitdbAsync("C", cancellationToken)).EnsureSuccess(Initdb("C"));
        }

        EmbeddedConfiguration.Include(layout.Unfinished);
        EmbeddedConfiguration.Write(layout.Unfinished, layout, port);
        await GiveAsync(layout.Unfinished, recursive: true, cancellationToken);
        Directory.Move(layout.Unfinished, layout.Data);
    }

    private Task<ToolOutcome> RunInitdbAsync(string locale, CancellationToken cancellationToken)
    {
        if (Directory.Exists(layout.Unfinished))
        {
            Directory.Delete(layout.Unfinished, recursive: true);
        }

        return runner.RunAsync(Initdb(locale), ToolStreams.None, cancellationToken);
    }

    private ToolCommand Initdb(string locale) => new(
        installation.PathOf("initdb"),
        [
            "--pgdata", layout.Unfinished, "--username", EmbeddedConfiguration.AdminRole, "--encoding", "UTF8",
            $"--locale={locale}", "--data-checksums", "--auth-local=peer", "--auth-host=scram-sha-256",
        ])
    {
        RunAs = layout.OsUser,
    };

    private async Task OwnAsync(string directory, UnixFileMode mode, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        await GiveAsync(directory, recursive: false, cancellationToken);
        File.SetUnixFileMode(directory, mode);
    }

    /// <summary>As root, hands files to the server's OS user and its login group; otherwise they are ours already.</summary>
    private async Task GiveAsync(string path, bool recursive, CancellationToken cancellationToken)
    {
        if (layout.OsUser is not null)
        {
            IReadOnlyList<string> depth = recursive ? ["-R"] : [];
            var chown = new ToolCommand("chown", [.. depth, "-h", "--", $"{layout.OsUser}:", path]);
            (await runner.RunAsync(chown, ToolStreams.None, cancellationToken)).EnsureSuccess(chown);
        }
    }
}
