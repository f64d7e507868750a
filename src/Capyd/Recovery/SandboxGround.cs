using Capyd.BaseBackups;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;
using Capyd.Postgres.Wal;
using Capyd.Postgres.Wal.Commands;
using Capyd.Wal;

namespace Capyd.Recovery;

/// <summary>What a sandbox's server stands on: walls, WAL, and words for its failures.</summary>
internal static class SandboxGround
{
    /// <exception cref="CapydException">There are no walls here, and without them replay could reach a live tablespace.</exception>
    public static async Task<SandboxWalls?> WallsAsync(PostgresCluster live, SandboxPlaces places, BaseBackupFacts facts, CancellationToken cancellation)
    {
        var now = await Tablespaces.ListAsync(live, cancellation);
        var locations = now.Concat(facts.Tablespaces).Select(space => space.Location).Where(location => location.Length > 0).Distinct().ToList();
        var (walls, problem) = await SandboxWalls.FindAsync([ProgramDirectory], locations, (places.Runner, places.ToolUser), cancellation);
        var made = now.ExceptBy(facts.Tablespaces.Select(space => space.Oid), space => space.Oid).FirstOrDefault();
        return walls is not null || made is null
            ? walls
            : throw new CapydException(
                ErrorCode.ToolMissing, $"a tablespace was made at {made.Location} after the base backup, and replay would write into it: {problem}",
                "install bubblewrap, or have a base backup taken and ask for a moment after it");
    }

    public static WalSocketServer Serve(WalArchive archive, BaseBackupFacts facts, WantedFiles wanted, RecoverySandbox sandbox)
    {
        var lineage = Lineage(facts);
        return WalSocketServer.Start(
            Socket(sandbox), Ready(sandbox), lineage,
            (name, token) => archive.LookAsync(lineage, name, token), wanted.Hollow(facts.Databases));
    }

    public static string RestoreCommand(RecoverySandbox sandbox) => FetchCommand.Through(Socket(sandbox), Ready(sandbox));

    /// <summary>How much of the WAL has been fetched, 0–1.</summary>
    public static double Share(RecoveryPlan plan, BaseBackupFacts facts, string file) =>
        WalSegmentName.TryParse(file, new WalSegmentSize(facts.WalSegmentBytes), out var segment) && segment.Start > plan.Start
            ? Math.Min(1, (segment.Start.Position - plan.Start.Position) / (double)Math.Max(1, plan.WalBytes))
            : 0;

    public static Exception Failure(RecoveryResult.Failed failed, WalSocketServer serving, BaseBackupFacts facts)
    {
        if (failed.Kind == RecoveryFailureKind.DiskSpace)
        {
            return new IOException(failed.Message);
        }

        return failed.Kind == RecoveryFailureKind.ArchiveUnreadable && serving.Failure is { } words
            ? new CapydException(
                ErrorCode.BackupUnusable, $"the kept WAL cannot be replayed{Range(serving.FailedName, facts)}: {words}",
                "ask for an earlier moment, or for one after the next base backup")
            : new CapydException(ErrorCode.BackupUnusable, failed.Message);
    }

    private static string Socket(RecoverySandbox sandbox) => Path.Combine(sandbox.SocketDirectory, "wal.sock");

    private static string Ready(RecoverySandbox sandbox) => Path.Combine(Path.GetDirectoryName(sandbox.DataDirectory)!, "wal");

    private static string ProgramDirectory => Path.GetDirectoryName(Environment.ProcessPath!)!;

    private static WalLineage Lineage(BaseBackupFacts facts) =>
        new(SystemIdentifier.Parse(facts.SystemIdentifier), facts.ServerVersion / 10_000, new WalSegmentSize(facts.WalSegmentBytes));

    private static string Range(string? file, BaseBackupFacts facts) =>
        WalSegmentName.TryParse(file, new WalSegmentSize(facts.WalSegmentBytes), out var segment) ? $" from {segment.Start} to {segment.End}" : "";
}
