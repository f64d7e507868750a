using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Recovery;

/// <summary>Why a moment cannot be recovered, and which ones beside it can.</summary>
internal static class RecoveryRefusal
{
    private const string SeeWindow = "GET …/recovery-window shows what can be restored";

    public static string Show(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public static CapydException NothingFollowed(string? problem) => new(
        ErrorCode.WrongState, $"no moment can be restored: the server's WAL is not kept: {problem ?? "it has not been seen yet"}",
        "GET /status says what is missing; backups can be restored meanwhile");

    public static CapydException NoBaseBackup() => new(
        ErrorCode.WrongState, "no moment can be restored yet: there is no base backup of the server",
        "wait for the first one, or have one taken: POST /v1/base-backups");

    public static CapydException Damaged(string why) => new(
        ErrorCode.BackupUnusable, $"the kept WAL around that moment is damaged: {why}", "ask for an earlier moment, or for one after the next base backup");

    public static CapydException BeforeWindow(DateTimeOffset at, RecoverySearch search)
    {
        var earliest = search.Bases[^1].StopAt;
        return CapydException.Invalid(
            $"{Show(at)} is before the earliest moment that can be restored, which is {Show(earliest)}", $"ask for that or a later one; {SeeWindow}");
    }

    public static CapydException InGap(DateTimeOffset at, RecoveryPath path, RecoverySearch search, IReadOnlyList<KeptGap> gaps)
    {
        var before = path.LastCommit?.At ?? path.Base.StopAt;
        var after = search.Bases.LastOrDefault(row => row.StopAt > at)?.StopAt;
        var reason = gaps.LastOrDefault(gap => gap.Timeline == path.History.Timeline && gap.From >= path.Base.Start)?.Reason;
        var nearest = after is { } next ? $"the nearest that can be are {Show(before)} and {Show(next)}" : $"the nearest that can be is {Show(before)}";
        return CapydException.Invalid(
            $"{Show(at)} cannot be restored: WAL is missing from {path.End} on{(reason is null ? "" : $" ({reason.TrimEnd('.')})")}; {nearest}", SeeWindow);
    }

    public static CapydException PositionNotKept(Lsn position, DateTimeOffset at, RecoverySearch search) => CapydException.Invalid(
        $"the restore point of {Show(at)} at {position} cannot be restored: no base backup that ended before it leads there; the earliest moment is {Show(search.Bases[^1].StopAt)}",
        SeeWindow);
}
