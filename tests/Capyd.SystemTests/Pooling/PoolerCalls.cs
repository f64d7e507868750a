namespace Capyd.SystemTests.Pooling;

internal static class PoolerCalls
{
    /// <summary>What the status says of the pooler, once it says this word.</summary>
    public static Task<JsonObject> PoolerAsync(this ApiClient api, string word, string about = "") => Until.FoundAsync($"the pooler is {word} {about}", async () =>
    {
        var pooler = (await api.GetAsync("/status")).Expect(200).Json.Objects("components").Single(component => component.Text("name") == "Connection pooler");
        return pooler.Text("status") == word && (pooler.TextOrNull("message") ?? "").Contains(about, StringComparison.Ordinal) ? pooler : null;
    }, 30);

    public static async Task<string?> PooledUrlOrNullAsync(this ApiClient api, string project) =>
        (await api.GetAsync($"/v1/projects/{project}/connections")).Expect(200)["connections"].TextOrNull("pooled_url");

    public static async Task<string> PooledUrlAsync(this ApiClient api, string project) =>
        await api.PooledUrlOrNullAsync(project) ?? throw new Xunit.Sdk.XunitException("there is no pooled_url");
}
