using Capyd.Alerts;
using Capyd.Storage.Projects;

namespace Capyd.Wal;

/// <summary>Tells each project when its moments are not kept: WAL that does not arrive, gaps, disks that fill up.</summary>
internal sealed class WalAlerts(MetadataDatabase metadata, AlertRecorder recorder, WalState state, CapydOptions options, TimeProvider clock) : IDueWork
{
    /// <summary>Seconds for which not everything has arrived.</summary>
    public const string Stream = "wal_stream";

    /// <summary>Gaps that no base backup has healed.</summary>
    public const string Gap = "recovery_gap";

    /// <summary>WAL that the server keeps for capyd, against the room that there is for it.</summary>
    public const string ServerDisk = "wal_disk";

    /// <summary>Bytes taken of the repository's disk.</summary>
    public const string RepositoryDisk = "repository_disk";

    private const int LongestSilence = 300;
    private static readonly AlertThresholds Room = new(50, 80, 70, 40);
    private static readonly AlertThresholds Disk = new(90, 97, 95, 88);
    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public string Name => "alerts about WAL";

    public async Task TickAsync(CancellationToken stopping)
    {
        IReadOnlyList<AlertReading> readings =
        [
            new(Stream, Silence(), LongestSilence, AlertThresholds.Age),
            new(Gap, state.OpenGaps, 1, AlertThresholds.Outage),
            new(ServerDisk, state.Pressure == WalPressure.GivenUp ? 100 : state.Room?.Kept ?? 0, state.Pressure == WalPressure.GivenUp ? 100 : state.Room?.Limit ?? 1, Room),
            new(RepositoryDisk, Taken(state.Disks?.Repository), state.Disks?.Repository?.Total ?? 1, Disk),
        ];
        await recorder.RecordAsync(metadata.Read(ProjectStore.ListAllLive).ToDictionary(project => project, _ => readings), stopping);
    }

    /// <summary>Nothing is missed where nothing is followed, unless the operator wants it to be.</summary>
    private long Silence() => options.Pitr.Enabled == "false" || !state.Enabled || !state.IsBehind
        ? 0
        : Math.Max(0, (long)(clock.GetUtcNow() - (state.CaughtUpAt ?? _started)).TotalSeconds);

    private static long Taken(DiskSpace? disk) => disk is null ? 0 : disk.Total - disk.Free;
}
