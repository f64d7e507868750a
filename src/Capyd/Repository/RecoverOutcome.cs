using Capyd.Postgres.Recovery;
using Capyd.Postgres.Tools;

namespace Capyd.Repository;

/// <summary>A cluster that came back.</summary>
/// <param name="Written">Configuration files that the lost server kept elsewhere and that were made anew.</param>
internal sealed record RecoverOutcome(RecoverPlan Plan, PostgresInstallation Installation, RecoveryResult.Reached Reached, IReadOnlyList<string> Written);
