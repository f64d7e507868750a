using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Capyd.Cli;
using Capyd.Storage.Repository.Chunks;

namespace Capyd.Repository;

/// <summary><c>capyd repository check | gc | stats | rebuild-catalogue | flush | adopt | key | cat</c>: on the repository itself, beside a running daemon or without one.</summary>
internal static class RepositoryCommand
{
    public static Command Build()
    {
        var command = new Command("repository", "What is kept: check it, tidy it up, read what it says of itself.");
        command.Subcommands.Add(Check());
        command.Subcommands.Add(Sub("gc", "Remove pieces of base backups that nothing refers to any more.", async (place, json, cancellation) =>
        {
            using var repository = await place.OpenAsync(cancellation);
            var report = await repository.Chunks.CollectGarbageAsync(cancellation);
            Print(report, RepositoryReportJson.Default.GarbageReport, Text, json);
            return report.LostChunks == 0 ? ExitCode.Good : RepositoryWork.Damaged;
        }));
        command.Subcommands.Add(Sub("stats", "How much there is of what.", async (place, json, cancellation) =>
        {
            using var repository = await place.OpenAsync(cancellation);
            Print(await StatsReport.ReadAsync(repository, cancellation), RepositoryReportJson.Default.StatsReport, report => report.Text(), json);
            return ExitCode.Good;
        }));
        command.Subcommands.Add(Sub("rebuild-catalogue", "Read the catalogue, and the rows of base backups, WAL and backups of projects, from the repository.", async (place, json, cancellation) =>
        {
            using var repository = await place.OpenAsync(cancellation);
            using var metadata = MetadataDatabase.Open(place.Directories.Metadata, TimeProvider.System);
            await FirstStart.EnsureAsync(metadata, place.Options, TimeProvider.System);
            var report = await new CatalogueRebuild(repository, metadata, place.Directories, TimeProvider.System).RunAsync(cancellation);
            Print(report, RepositoryReportJson.Default.RebuildReport, one => one.Text(), json);
            return report.Unreadable.Count == 0 ? ExitCode.Good : RepositoryWork.Damaged;
        }));
        command.Subcommands.Add(Sub("flush", "Ship what waits in the spool to the bucket, and return when nothing waits any more.", async (place, json, cancellation) =>
        {
            var report = await new SpoolFlush(place.Opener, ProgressLine.OnErrors(TimeProvider.System), TimeProvider.System).RunAsync(cancellation);
            Print(report, RepositoryReportJson.Default.FlushReport, one => one.Text(), json);
            return report.Aside == 0 ? ExitCode.Good : RepositoryWork.Damaged;
        }));
        command.Subcommands.Add(Sub("adopt", "Use the directory that is configured now, in place of the repository that was used so far.", (place, json, _) =>
        {
            Print(new RepositoryAdoption(place, TimeProvider.System).Run(), RepositoryReportJson.Default.AdoptionReport, one => one.Text(), json);
            return Task.FromResult(ExitCode.Good);
        }));
        command.Subcommands.Add(RepositoryKeyCommand.Build());
        command.Subcommands.Add(RepositoryCatCommand.Build());
        return command;
    }

    private static Command Check()
    {
        var readData = new Option<bool>("--read-data") { Description = "Read every byte and compare it with what was written." };
        return Sub("check", "Say what can no longer be restored or recovered. Ends with 7 when something is damaged.", CheckAsync, readData);
    }

    private static Command Sub(string name, string description, Func<RepositoryPlace, bool, CancellationToken, Task<int>> work, Option<bool>? readData = null)
    {
        var arguments = new ConfigurationArguments();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command(name, description) { json };
        arguments.AddTo(command, serving: false);
        if (readData is not null)
        {
            command.Options.Add(readData);
        }

        command.SetAction((parsed, cancellation) => arguments.LoadAsOwner(parsed) is { } options
            ? RepositoryWork.RunAsync(() => work(new RepositoryPlace(options) { ReadsData = readData is not null && parsed.GetValue(readData) }, parsed.GetValue(json), cancellation))
            : Task.FromResult(ExitCode.Usage));
        return command;
    }

    private static async Task<int> CheckAsync(RepositoryPlace place, bool json, CancellationToken cancellation)
    {
        using var repository = await place.OpenAsync(cancellation);
        var report = await new RepositoryCheckup(repository, place.Promised, place.ReadsData, ProgressLine.OnErrors(TimeProvider.System)).RunAsync(cancellation);
        Print(report, RepositoryReportJson.Default.CheckReport, one => one.Text(), json);
        return report.Sound ? ExitCode.Good : RepositoryWork.Damaged;
    }

    private static string Text(GarbageReport report) =>
        $"removed {report.RemovedPacks} packs, wrote {report.RewrittenPacks} anew, freed {ByteText.Of(report.FreedBytes)}"
        + (report.LostChunks == 0 ? "" : $"\n{report.LostChunks} pieces that base backups need are not there: capyd repository check says which");

    private static void Print<T>(T report, JsonTypeInfo<T> type, Func<T, string> text, bool json) =>
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(report, type) : text(report));
}
