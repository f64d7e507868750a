using Capyd.SystemTests.BaseBackups;

namespace Capyd.SystemTests.Faults;

/// <summary>One data directory and one cluster for all faults: only the daemon dies, the server is adopted by the next one.</summary>
public sealed class FaultGround()
    : DaemonGround(("CAPYD_PLAN_MAX_PREVIEWS", "500"), ("CAPYD_WEBHOOKS_ALLOW_PRIVATE", "true"), ("CAPYD_IMPORTS_ALLOW_PRIVATE_SOURCES", "true"),
        ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_PITR_BASE_BACKUP_SCHEDULE", "off"))
{
    private bool _armed;

    /// <summary>A project with content, and <see cref="BackupKey"/> of that content.</summary>
    public string Project { get; private set; } = "";

    public string BackupKey { get; private set; } = "";

    /// <summary>What the backup holds.</summary>
    public string Content { get; private set; } = "";

    protected override async Task PrepareAsync()
    {
        Project = await Api.NewProjectAsync("Faulty");
        await ProjectCalls.FillAsync(await Api.UrlAsync(Project), 100);
        Content = (await ProjectCalls.ContentAsync(await Api.UrlAsync(Project)))!;
        await Api.FirstBaseBackupAsync();
        BackupKey = (await Api.NewBackupAsync(Project)).Text("backup_key");
    }

    /// <summary>A daemon that nothing will kill.</summary>
    public async Task DisarmAsync()
    {
        if (Daemon.IsRunning && !_armed)
        {
            return;
        }

        await ReplaceAsync(null);
        await Daemon.WaitUntilReadyAsync();
    }

    /// <summary>A daemon that dies at the point; when it comes from its own clock, that may be before it is ready.</summary>
    public async Task ArmAsync(string point, bool waitUntilReady)
    {
        await ReplaceAsync(point);
        if (waitUntilReady)
        {
            await Daemon.WaitUntilReadyAsync();
        }
    }

    /// <summary>Asks the armed daemon; no answer is one of the answers.</summary>
    public static async Task AskAsync(Task<Reply> request)
    {
        try
        {
            var reply = await request;
            Assert.True(reply.Status < 300, reply.Text);
        }
        catch (HttpRequestException)
        {
            // It died before it answered; what it had accepted is looked for afterwards.
        }
    }

    private async Task ReplaceAsync(string? point)
    {
        if (Daemon.IsRunning)
        {
            await Daemon.KillAsync();
        }

        Daemon.Launch(point);
        _armed = point is not null;
    }
}
