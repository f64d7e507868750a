using System.Net.Http.Headers;
using System.Text;

namespace Capyd.SystemTests.Kit;

/// <summary>A thin HTTP client of the API: JSON in, JSON out, no opinion on status codes.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string? key)
    {
        _http = new HttpClient(new SocketsHttpHandler { PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        Key = key;
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public string? Key { get; }

    public Task<Reply> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>No body means none at all, and no content type.</summary>
    public Task<Reply> PostAsync(string path, JsonNode? body = null) => SendAsync(HttpMethod.Post, path, body);

    public Task<Reply> PutAsync(string path, JsonNode body) => SendAsync(HttpMethod.Put, path, body);

    public Task<Reply> PatchAsync(string path, JsonNode body) => SendAsync(HttpMethod.Patch, path, body);

    public Task<Reply> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Reply> SendAsync(HttpMethod method, string path, JsonNode? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        var fields = response.Headers.Concat(response.Content.Headers);
        return new Reply(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            fields.ToDictionary(field => field.Key, field => string.Join(",", field.Value), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The status, or null when nobody answers.</summary>
    public async Task<int?> TryStatusAsync(string path)
    {
        try
        {
            return (await GetAsync(path)).Status;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The job once it has ended, however it did.</summary>
    public Task<JsonObject> EndOfJobAsync(string id, int seconds = 90) => Until.FoundAsync($"job {id} ends", async () =>
    {
        var job = (await GetAsync($"/v1/jobs/{id}")).Expect(200)["job"];
        return job.Text("state") is "completed" or "failed" ? job : null;
    }, seconds);

    /// <summary>The job once it has completed; a failed one fails the test with its error.</summary>
    public async Task<JsonObject> CompletedAsync(string id, int seconds = 90)
    {
        var job = await EndOfJobAsync(id, seconds);
        Assert.True(job.Text("state") == "completed", $"the job failed: {job.ToJsonString()}");
        return job;
    }

    public async Task<JsonObject> CompletedAsync(Reply accepted) => await CompletedAsync(accepted.Expect(202).JobId);

    public void Dispose() => _http.Dispose();
}
