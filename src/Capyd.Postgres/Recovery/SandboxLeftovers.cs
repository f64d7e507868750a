namespace Capyd.Postgres.Recovery;

/// <summary>Removes what sandboxes of a dead daemon left behind.</summary>
public static class SandboxLeftovers
{
    /// <summary>Ends every server below the directory of all sandboxes and removes what is in it, but for those named.</summary>
    /// <returns>The names of the sandboxes that were removed.</returns>
    public static async Task<IReadOnlyList<string>> RemoveAsync(
        string allSandboxes, IReadOnlySet<string> keep, TimeProvider clock, CancellationToken cancellationToken)
    {
        var removed = new List<string>();
        foreach (var directory in Directory.Exists(allSandboxes) ? Directory.GetDirectories(allSandboxes) : [])
        {
            var name = Path.GetFileName(directory);
            if (!keep.Contains(name))
            {
                await RemoveOneAsync(directory, clock, cancellationToken);
                removed.Add(name);
            }
        }

        return removed;
    }

    /// <summary>Ends the server of one sandbox and removes its directory, if there is one.</summary>
    public static async Task RemoveOneAsync(string sandbox, TimeProvider clock, CancellationToken cancellationToken)
    {
        var layout = new SandboxLayout(sandbox);
        await SandboxProcesses.EndAsync(layout.Data, clock, cancellationToken);
        Remove(layout);
    }

    internal static void Remove(SandboxLayout layout)
    {
        foreach (var directory in new[] { layout.Run, layout.Root }.Where(Directory.Exists))
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
