namespace Capyd.SystemTests.Faults;

/// <summary>Deaths in the midst of what is done with projects and their databases.</summary>
public sealed class ProjectFaultTests(FaultGround ground) : FaultTests(ground)
{
    [SystemFact]
    public void Each_fault_point_of_the_sources_has_a_scenario()
    {
        Assert.NotEmpty(FaultPlan.Points);
        Assert.Empty(FaultPlan.PointsWithoutScenario);
    }

    [SystemTheory]
    [MemberData(nameof(FaultPlan.Cases), FaultPart.Projects, MemberType = typeof(FaultPlan))]
    public Task What_was_accepted_is_done_once_after_a_death_at(string point, string scenarioName) => DieAsync(point, scenarioName);
}
