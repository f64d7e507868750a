using Capyd.Storage.BaseBackups;

namespace Capyd.Retention;

/// <summary>What the recovery window lets go of.</summary>
/// <param name="Kept">The paths that stay.</param>
/// <param name="Removed">Base backups that are not needed any more.</param>
internal sealed record WindowPlan(DateTimeOffset WindowStart, IReadOnlyList<KeptPath> Kept, IReadOnlyList<BaseBackupRow> Removed)
{
    /// <summary>
    /// Keeps the newest base backup older than the window and every later one (trap 72), the newest proven one, the newest of all,
    /// and those from which pinned moments are reached (traps 73, 74): restore points, and what the last good drill proved.
    /// </summary>
    /// <param name="backups">All that are not deleted.</param>
    /// <param name="live">Servers of which WAL was received within the window.</param>
    public static WindowPlan Make(
        DateTimeOffset windowStart, IReadOnlyList<BaseBackupRow> backups, IReadOnlySet<string> live, IReadOnlyList<PinnedMoment> pins)
    {
        var usable = backups.Where(IsUsable).OrderBy(row => row.StopAt).ThenBy(row => row.CompletedAt).ToList();
        var open = usable.GroupBy(row => row.SystemIdentifier!).SelectMany(ofServer => Window([.. ofServer], windowStart, live.Contains(ofServer.Key)))
            .Concat(usable.TakeLast(1))
            .Concat(usable.Where(row => row.VerificationState == "verified").TakeLast(1))
            .DistinctBy(row => row.Id).ToList();
        var pinned = pins
            .Select(pin => (Pin: pin, Backup: usable.LastOrDefault(row => pin.From is { } from ? row.Id == from : row.StopAt <= pin.At)))
            .Where(path => path.Backup is not null)
            .GroupBy(path => path.Backup!.Id)
            .ToDictionary(paths => paths.Key, paths => Path(paths.First().Backup!, [.. paths.Select(path => path.Pin)]));
        var kept = open.Select(row => new KeptPath(row, null, null, pinned.GetValueOrDefault(row.Id)?.Pins ?? []))
            .Concat(pinned.Values.Where(path => open.TrueForAll(row => row.Id != path.Backup.Id))).ToList();
        var stay = kept.Select(path => path.Backup.Id).ToHashSet();
        return new WindowPlan(windowStart, kept, [.. backups.Where(row => !stay.Contains(row.Id) && IsOver(row, windowStart))]);
    }

    /// <summary>The times that nothing reaches any more once the plan is carried out, oldest first.</summary>
    public IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> Unreachable()
    {
        var starts = Kept.Where(path => path.Until is null).Select(path => path.Backup.StopAt!.Value).ToList();
        var lost = new List<(DateTimeOffset From, DateTimeOffset To)>();
        foreach (var from in Removed.Where(IsUsable).Select(row => row.StopAt!.Value).Order())
        {
            if (lost is not [.., var last] || from > last.To)
            {
                lost.Add((from, starts.Where(start => start > from).Order().Append(WindowStart).First()));
            }
        }

        return lost;
    }

    private static IEnumerable<BaseBackupRow> Window(List<BaseBackupRow> ofServer, DateTimeOffset windowStart, bool isLive) =>
        ofServer.Where(row => row.StopAt > windowStart).Concat(ofServer.Where(row => isLive && row.StopAt <= windowStart).TakeLast(1));

    private static KeptPath Path(BaseBackupRow backup, List<PinnedMoment> pins)
    {
        IReadOnlyList<string> reasons = [.. pins.Select(pin => pin.Reason)];
        return pins.Exists(pin => pin.Lsn is null)
            ? new KeptPath(backup, null, null, reasons)
            : new KeptPath(backup, pins.Select(pin => pin.Lsn!.Value).Max(), pins.Max(pin => pin.At), reasons);
    }

    private static bool IsUsable(BaseBackupRow row) => row is { State: "completed", VerificationState: not "failed" };

    /// <summary>One that cannot be used is kept for as long, for whoever wants to know why.</summary>
    private static bool IsOver(BaseBackupRow row, DateTimeOffset windowStart) =>
        row.State == "deleting" || (row.State == "completed" && (IsUsable(row) || row.CompletedAt < windowStart));
}
