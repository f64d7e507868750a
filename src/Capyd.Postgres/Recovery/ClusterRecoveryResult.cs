namespace Capyd.Postgres.Recovery;

/// <summary>How the recovery of a whole cluster ended.</summary>
/// <param name="Written">Names of configuration files that the backup did not have and that were written anew; empty after a failure.</param>
public sealed record ClusterRecoveryResult(RecoveryResult Outcome, IReadOnlyList<string> Written);
