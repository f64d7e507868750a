using System.CommandLine;
using System.Text.Json;
using Capyd.Cli;

namespace Capyd.Repository;

/// <summary><c>capyd recover</c>: a whole cluster from the repository alone, on a host that has nothing but PostgreSQL and capyd.</summary>
internal static class RecoverCommand
{
    public static Command Build()
    {
        var arguments = new RecoverArguments();
        var command = new Command("recover", "Rebuild a lost cluster, and capyd's own metadata, from the repository alone.");
        arguments.AddTo(command);
        command.SetAction((parsed, cancellation) => RepositoryWork.RunAsync(() => RunAsync(arguments, parsed, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(RecoverArguments arguments, ParseResult parsed, CancellationToken cancellation)
    {
        var (settings, wish) = (arguments.Settings(parsed), arguments.Wish(parsed));
        if (arguments.IsList(parsed))
        {
            return await ListAsync(settings, arguments.IsJson(parsed), cancellation);
        }

        if (settings.DataDir is not null)
        {
            MetadataRecovery.Refuse(settings.DataDir);
        }

        var outcome = await new RecoverRun(settings, ProgressLine.OnErrors(TimeProvider.System), TimeProvider.System).RunAsync(wish, cancellation);
        var snapshot = settings.DataDir is null ? null : await RestoreMetadataAsync(settings, wish, outcome, cancellation);
        Report(settings, outcome, snapshot, arguments.IsJson(parsed));
        return ExitCode.Good;
    }

    private static async Task<int> ListAsync(RecoverSettings settings, bool json, CancellationToken cancellation)
    {
        var cache = Directory.CreateTempSubdirectory("capyd-recover-");
        try
        {
            using var repository = await KeptRepository.OpenAsync(settings.Repository, cache.FullName, TimeProvider.System, cancellation);
            var listing = await RecoverListing.ReadAsync(repository, cancellation);
            Console.Out.WriteLine(json ? JsonSerializer.Serialize(listing, RepositoryReportJson.Default.RecoverListing) : listing.Text());
            return listing.Servers.Any(server => server.BaseBackups.Count > 0) ? ExitCode.Good : ExitCode.Missing;
        }
        finally
        {
            cache.Delete(recursive: true);
        }
    }

    private static async Task<MetadataSnapshot?> RestoreMetadataAsync(RecoverSettings settings, RecoverWish wish, RecoverOutcome outcome, CancellationToken cancellation)
    {
        using var repository = await settings.Repository.OpenKeptAsync(cancellation);
        var metadata = new MetadataRecovery(new MetadataSnapshotStore(repository.Store), TimeProvider.System);
        var chosen = await metadata.ChooseAsync(outcome.Plan.Backup.System, wish is RecoverWish.Latest ? DateTimeOffset.MaxValue : outcome.Plan.Moment, cancellation);
        if (chosen is not null)
        {
            await metadata.RestoreAsync(chosen, settings.DataDir!, cancellation);
        }

        return chosen;
    }

    private static void Report(RecoverSettings settings, RecoverOutcome outcome, MetadataSnapshot? snapshot, bool json)
    {
        var report = new RecoverReport(
            settings.Target, outcome.Plan.Backup.Name, outcome.Plan.Timeline.ToString(), outcome.Reached.LastCommitAt, outcome.Reached.LastRecord?.ToString(),
            outcome.Plan.Note, outcome.Written, snapshot is null ? null : Path.Combine(settings.DataDir!, "capyd.db"), snapshot?.At);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(report, RepositoryReportJson.Default.RecoverReport) : report.Text(settings, outcome.Installation));
    }
}
