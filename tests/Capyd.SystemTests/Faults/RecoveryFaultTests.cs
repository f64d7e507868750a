namespace Capyd.SystemTests.Faults;

/// <summary>Deaths in the midst of keeping WAL and base backups, and of recovering from them.</summary>
public sealed class RecoveryFaultTests(FaultGround ground) : FaultTests(ground)
{
    [SystemTheory]
    [MemberData(nameof(FaultPlan.Cases), FaultPart.Recovery, MemberType = typeof(FaultPlan))]
    public Task What_was_accepted_is_done_once_after_a_death_at(string point, string scenarioName) => DieAsync(point, scenarioName);
}
