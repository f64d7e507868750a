using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Pooler;

/// <summary>Writes the pooler's files: each readable by its OS user alone, and each replaced as a whole.</summary>
internal sealed class PoolerFiles(PoolerLayout layout, ToolRunner runner)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerEnters = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPass = OwnerEnters | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const long LongestLog = 16 << 20;

    public async Task PrepareDirectoriesAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(layout.Root);
        File.SetUnixFileMode(layout.Root, layout.OsUser is null ? OwnerEnters : OthersPass);
        Directory.CreateDirectory(layout.Run);
        File.SetUnixFileMode(layout.Run, OwnerEnters);
        await GiveAsync([layout.Run], cancellationToken);
        if (File.Exists(layout.Log) && new FileInfo(layout.Log).Length > LongestLog)
        {
            File.Move(layout.Log, layout.Log + ".1", overwrite: true);
        }
    }

    /// <returns>Whether anything was other than wanted.</returns>
    public async Task<bool> WriteAsync(IReadOnlyDictionary<string, string> texts, CancellationToken cancellationToken)
    {
        var changed = texts.Where(file => !Holds(file.Key, file.Value)).Select(static file => file.Key).ToList();
        foreach (var path in changed)
        {
            File.Delete(Fresh(path));
            await using var file = new FileStream(Fresh(path), new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
            await using var text = new StreamWriter(file);
            await text.WriteAsync(texts[path].AsMemory(), cancellationToken);
        }

        await GiveAsync([.. changed.Select(Fresh)], cancellationToken);
        changed.ForEach(static path => File.Move(Fresh(path), path, overwrite: true));
        return changed.Count > 0;
    }

    public static bool Holds(string path, string text) => File.Exists(path) && File.ReadAllText(path) == text;

    private static string Fresh(string path) => path + ".new";

    private async Task GiveAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (layout.OsUser is not null && paths.Count > 0)
        {
            var chown = new ToolCommand("chown", ["-h", "--", $"{layout.OsUser}:", .. paths]);
            (await runner.RunAsync(chown, ToolStreams.None, cancellationToken)).EnsureSuccess(chown);
        }
    }
}
