using Capyd.Cluster;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Wal;

namespace Capyd.Wal;

/// <summary>
/// Watches what the server keeps for capyd. Before that endangers the server's disk the slot is given up: production comes before
/// recovery. The gap is recorded, and following begins anew when there is room.
/// </summary>
internal sealed partial class WalGuardian(WalParts parts, WalLeash leash, SlotSurrender surrender, PostgresServer server, CapydOptions options, ILogger<WalGuardian> logger)
    : IBackgroundLoop
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Alert = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastHold = TimeSpan.FromSeconds(20);
    private readonly WalRates _rates = new(parts.Clock);
    private long _pulledAt;

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (options.Pitr.Enabled != "false")
            {
                await server.WaitUntilAnsweringAsync(stopping);
                await Task.Delay(await TryLookAsync(stopping), parts.Clock, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            LogEnds();
        }
    }

    private async Task<TimeSpan> TryLookAsync(CancellationToken stopping)
    {
        try
        {
            return await LookAsync(server.Capabilities.Cluster, stopping);
        }
        catch (Exception e) when (e is PostgresFailedException or MetadataException or IOException)
        {
            LogUnseen(e.Message);
            return Alert;
        }
    }

    private async Task<TimeSpan> LookAsync(PostgresCluster cluster, CancellationToken stopping)
    {
        var slot = await new ReplicationSlot(cluster, options.Pitr.Slot).ReadAsync(stopping);
        var disks = await surrender.DisksAsync(cluster, stopping);
        parts.State.Disks = disks;
        if (leash.Reason is not null)
        {
            await HoldAsync(cluster, slot is not null, disks, stopping);
            return Alert;
        }

        if (slot is null || disks.Server is not { } disk)
        {
            Put(WalPressure.None, null);
            return Calm;
        }

        var (written, growth) = _rates.Add(slot);
        var room = new WalRoom(disk.Free, WalRoom.FloorOf(options.Pitr.MinFreeBytes, disk.Total), (long)slot.RetainedBytes, growth, written, disks.Shared);
        Put(room.Pressure, room);
        if (room.Pressure == WalPressure.GivenUp)
        {
            Pull(room);
            await HoldAsync(cluster, hasSlot: true, disks, stopping);
        }

        return room.Kept > 0 && room.Pressure != WalPressure.None || room.Free < 3 * room.Floor ? Alert : Calm;
    }

    private void Pull(WalRoom room)
    {
        _pulledAt = parts.Clock.GetTimestamp();
        surrender.Begin($"The slot was given up to save the server's disk: {room}.");
        leash.Pull($"the slot was given up to save the server's disk: {room}");
        LogGivenUp(room.ToString());
    }

    /// <summary>The slot stays dropped until there is room on all disks.</summary>
    private async Task HoldAsync(PostgresCluster cluster, bool hasSlot, WalDisks disks, CancellationToken stopping)
    {
        var recorded = await surrender.FinishAsync(cluster, hasSlot, stopping);
        var safe = disks.Server is not { } disk || disk.Free >= 2 * WalRoom.FloorOf(options.Pitr.MinFreeBytes, disk.Total);
        if (recorded && safe && disks.Spool is { HasRoom: true } && disks.Repository is { HasRoom: true } && parts.Clock.GetElapsedTime(_pulledAt) >= LeastHold)
        {
            Put(WalPressure.None, null);
            LogRoomAgain();
            leash.Loosen();
        }
    }

    private void Put(WalPressure pressure, WalRoom? room)
    {
        if (pressure != parts.State.Pressure && room is not null && pressure is WalPressure.Warning or WalPressure.Urgent)
        {
            LogPressure(pressure, room!.ToString());
        }

        (parts.State.Pressure, parts.State.Room) = (pressure, room);
    }

    [LoggerMessage(9080, LogLevel.Error, "the replication slot is given up, because the server's disk comes first: {Room}. There will be a gap, and a base backup after it")]
    private partial void LogGivenUp(string room);

    [LoggerMessage(9081, LogLevel.Warning, "WAL takes up the server's disk ({Pressure}): {Room}")]
    private partial void LogPressure(WalPressure pressure, string room);

    [LoggerMessage(9082, LogLevel.Information, "there is room again, and WAL is followed anew")]
    private partial void LogRoomAgain();

    [LoggerMessage(9083, LogLevel.Debug, "the WAL guardian could not look: {Problem}")]
    private partial void LogUnseen(string problem);

    [LoggerMessage(9084, LogLevel.Debug, "the WAL guardian ends")]
    private partial void LogEnds();
}
