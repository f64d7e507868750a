namespace Capyd.SystemTests.BaseBackups;

/// <summary>What tests do to base backups, in one line each.</summary>
public static class BaseBackupCalls
{
    private const string Path = "/v1/base-backups";

    /// <summary>Asks for one as soon as WAL is followed and no other is under way.</summary>
    public static Task<Reply> AskBaseBackupAsync(this ApiClient api, string? label = null) => Until.FoundAsync("a base backup is accepted", async () =>
    {
        var reply = await api.PostAsync(Path, label is null ? null : new JsonObject { ["label"] = label });
        return reply.Status is 503 or 409 ? null : reply;
    });

    /// <summary>A completed one.</summary>
    public static async Task<JsonObject> NewBaseBackupAsync(this ApiClient api, string? label = null)
    {
        var accepted = (await api.AskBaseBackupAsync(label)).Expect(202);
        await api.CompletedAsync(accepted.JobId);
        return await api.BaseBackupAsync(accepted["base_backup"].Text("id"));
    }

    /// <summary>The one that is taken when WAL is first followed, verified.</summary>
    public static async Task<JsonObject> FirstBaseBackupAsync(this ApiClient api) => await Until.FoundAsync(
        "the first base backup is verified",
        async () => (await api.BaseBackupsAsync()).FirstOrDefault(row => row.Text("trigger") == "first" && row.Text("verification_state") == "verified"),
        150);

    public static async Task<JsonObject> BaseBackupAsync(this ApiClient api, string id) => (await api.GetAsync($"{Path}/{id}")).Expect(200)["base_backup"];

    public static async Task<IReadOnlyList<JsonObject>> BaseBackupsAsync(this ApiClient api) => (await api.GetAsync(Path)).Expect(200).Json.Objects("base_backups");

    /// <summary>The job of a verification once it has ended.</summary>
    public static async Task<JsonObject> VerifyBaseBackupAsync(this ApiClient api, string id) =>
        await api.EndOfJobAsync((await api.PostAsync($"{Path}/{id}/verify")).Expect(202).JobId);

    /// <summary>The packs in the repository.</summary>
    public static IReadOnlyList<string> Packs(CapydDaemon daemon)
    {
        var directory = System.IO.Path.Combine(daemon.Repository, "base", "packs");
        return Directory.Exists(directory) ? Directory.GetFiles(directory, "*.pack", SearchOption.AllDirectories) : [];
    }
}
