using System.Globalization;
using System.Text.Json.Serialization;
using Capyd.Postgres.Cluster;
using Capyd.Postgres.Recovery;

namespace Capyd.Recovery;

/// <summary>
/// How a moment is reached: from which base backup, along which timeline, to which place in the WAL. Kept in the job, so that a
/// rerun recovers exactly the same.
/// </summary>
/// <param name="BaseBackup">Its id.</param>
/// <param name="Manifest">The base backup's name in the repository.</param>
/// <param name="StartLsn">Where replay begins.</param>
/// <param name="Kind">after or before the record at <paramref name="Target"/>, or name: the point that is called so.</param>
/// <param name="EndLsn">About where replay ends, for progress and disk space.</param>
/// <param name="Requested">The moment that was asked for.</param>
/// <param name="Effective">Of the last commit that comes back; when there is none after the base backup, the end of that.</param>
/// <param name="Clamped">Whether less came back than was asked for, because nothing later was received.</param>
internal sealed record RecoveryPlan(
    string BaseBackup, string Manifest, uint TimelineNumber, string StartLsn, string Kind, string Target, string EndLsn,
    DateTimeOffset Requested, DateTimeOffset Effective, bool Clamped)
{
    public const string After = "after";
    public const string Before = "before";
    public const string Named = "name";

    [JsonIgnore]
    public BaseBackupId BaseBackupId => BaseBackupId.Parse(BaseBackup);

    [JsonIgnore]
    public TimelineId Timeline => new(TimelineNumber);

    [JsonIgnore]
    public Lsn Start => Lsn.Parse(StartLsn);

    [JsonIgnore]
    public Lsn End => Lsn.Parse(EndLsn);

    /// <summary>Bytes of WAL that are replayed, of all databases.</summary>
    [JsonIgnore]
    public long WalBytes => Math.Max(0, (long)(End.Position - Start.Position));

    /// <summary>What the answer calls the restored moment: the one asked for, or, when there is no such, the newest.</summary>
    [JsonIgnore]
    public DateTimeOffset RestoreTime => Clamped ? Effective : Requested;

    [JsonIgnore]
    public RecoveryTarget RecoveryTarget => Kind switch
    {
        Named => new RecoveryTarget.Name(Target),
        After => new RecoveryTarget.Position(Lsn.Parse(Target)),
        _ => new RecoveryTarget.Position(Lsn.Parse(Target), Inclusive: false),
    };

    /// <summary>The record without which the recovery has failed.</summary>
    [JsonIgnore]
    public Lsn? Required => Kind == After ? Lsn.Parse(Target) : null;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"from {BaseBackup} at {StartLsn} along timeline {TimelineNumber}, {Kind} {Target}");
}
