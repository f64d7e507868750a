using Capyd.Postgres.Dumps;
using Capyd.Recovery;

namespace Capyd.Drills;

/// <summary>What a drill recovers.</summary>
/// <param name="RestoreTime">To the millisecond.</param>
/// <param name="Proof">The dump that was taken at that moment, where one was.</param>
internal sealed record DrillTarget(DateTimeOffset RestoreTime, RecoveryPlan Plan, DumpMoment? Proof);

/// <summary>The moment of a proven dump, and what it saw.</summary>
internal sealed record DumpMoment(BackupId Backup, DateTimeOffset At, Inventory Inventory);
