namespace Capyd.SystemTests.Faults;

/// <summary>Deaths in the midst of imports.</summary>
public sealed class ImportFaultTests(FaultGround ground) : FaultTests(ground)
{
    [SystemTheory]
    [MemberData(nameof(FaultPlan.Cases), FaultPart.Imports, MemberType = typeof(FaultPlan))]
    public Task What_was_accepted_is_done_once_after_a_death_at(string point, string scenarioName) => DieAsync(point, scenarioName);
}
