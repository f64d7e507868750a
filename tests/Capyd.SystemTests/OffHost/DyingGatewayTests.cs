namespace Capyd.SystemTests.OffHost;

/// <summary>The store dies while a large object is on its way.</summary>
public sealed class DyingGatewayTests(OffHostGround ground) : IClassFixture<OffHostGround>
{
    [SystemFact]
    public async Task A_gateway_that_dies_in_the_middle_of_a_large_dump_holds_nothing_up_and_loses_nothing()
    {
        var project = await ground.NewLargeProjectAsync("Large", 64);
        await ground.UntilNothingWaitsAsync();

        var job = (await ground.Api.PostAsync($"/v1/projects/{project}/backups")).Expect(202).JobId;
        await Until.TrueAsync("parts of the dump are on their way", async () => (await ground.Server.UnfinishedUploadsAsync(ground.Bucket)).Any(key => key.Contains("backups/", StringComparison.Ordinal)));
        ground.Server.KillGateway();

        Assert.Equal("completed", (await ground.Api.EndOfJobAsync(job)).Text("state"));
        var backup = (await ground.Api.BackupsAsync(project))[0];
        Assert.Equal("verified", backup.Text("verification_state"));
        Assert.Contains(backup.Text("backup_key"), ground.Waiting());
        var segment = await ground.SwitchWalAsync();
        await Until.TrueAsync("WAL is kept meanwhile", () => Task.FromResult(ground.Waiting().Any(name => name.Contains(segment, StringComparison.Ordinal))));

        await ground.Server.StartGatewayAsync();
        await ground.EverythingIsThereAsync();
        var dump = await ground.CommandAsync("repository", "cat", backup.Text("backup_key"));
        Assert.Equal(0, dump.ExitCode);
        Assert.Single(await ground.ListBucketAsync(backup.Text("backup_key")), name => name == backup.Text("backup_key"));
    }
}
