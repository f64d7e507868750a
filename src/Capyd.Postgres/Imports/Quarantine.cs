using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>
/// Loads a foreign file into a throw-away cluster, confined and by a role without rights, and dumps it again from there:
/// what leaves is capyd's own archive.
/// </summary>
/// <param name="root">A directory for throw-away clusters and unpacked files, used for nothing else. The confined OS user must be
/// able to pass through the directories above it.</param>
public sealed class Quarantine(PostgresBinaries binaries, ToolRunner runner, Confinement confinement, string root)
{
    /// <summary>Leaves nothing behind, however it ends.</summary>
    /// <exception cref="ImportRefusedException">The file cannot be imported; the message names the object and the line.</exception>
    /// <exception cref="ToolMissingException">A program is not installed.</exception>
    /// <exception cref="ToolFailedException">The throw-away cluster could not be made.</exception>
    /// <exception cref="PostgresFailedException">The throw-away cluster failed.</exception>
    public async Task<QuarantineResult> LoadAsync(QuarantineRequest request, CancellationToken cancellationToken)
    {
        var layout = new QuarantineLayout(root);
        try
        {
            QuarantineFiles.Make(layout, confinement);
            using var watch = new QuarantineWatch(request.Limits, layout, runner.Clock, cancellationToken);
            return await watch.GuardAsync(token => LoadAsync(layout, request, watch, token));
        }
        finally
        {
            await Leftovers.RemoveAsync(layout.Root, runner.Clock);
        }
    }

    /// <summary>Ends what a dead daemon left running below a root and removes its files. Call before the first load.</summary>
    /// <returns>How many leftovers were removed.</returns>
    public static int RemoveLeftovers(string root)
    {
        var full = Path.GetFullPath(root);
        if (!Directory.Exists(full))
        {
            return 0;
        }

        Leftovers.KillBelow(full);
        var found = Directory.GetDirectories(full);
        foreach (var directory in found)
        {
            Directory.Delete(directory, recursive: true);
        }

        return found.Length;
    }

    private async Task<QuarantineResult> LoadAsync(
        QuarantineLayout layout, QuarantineRequest request, QuarantineWatch watch, CancellationToken cancellationToken)
    {
        var archive = await new ForeignFile(binaries, runner, confinement).OpenAsync(layout, request, cancellationToken);
        var load = new QuarantineLoad(archive, request);
        var facts = await load.InspectAsync(cancellationToken);
        request.Progress?.Invoke(new ImportProgress(ImportPhase.Prepare, 0, 0, 0));
        await using var server = new ThrowAwayCluster(layout, binaries.Server(request.TargetMajor), runner, confinement);
        await server.StartAsync(cancellationToken);
        watch.Watch(server.Died);
        await server.ProvisionAsync(request.Locale, cancellationToken);
        var extensions = await new QuarantineExtensions(server.Cluster, request.AllowedExtensions).MakeAsync(facts.Extensions, cancellationToken);
        var tally = await load.RunAsync(server, extensions, cancellationToken);
        await extensions.FinishAsync(cancellationToken);
        var inventory = await QuarantineDump.RunAsync(server, binaries, runner, confinement, request, cancellationToken);
        return new QuarantineResult(inventory, load.Report(tally, extensions));
    }
}
