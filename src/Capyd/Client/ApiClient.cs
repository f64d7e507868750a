using System.Net.Http.Headers;
using System.Text.Json;

namespace Capyd.Client;

/// <summary>Calls the API; anything but success is an exception.</summary>
internal sealed class ApiClient(ApiAddress address) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new(address.NewHandler()) { BaseAddress = address.Url, Timeout = Timeout.InfiniteTimeSpan };

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Get, path, null, cancellation);

    public Task<JsonElement> PostAsync(string path, byte[]? json, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, json, cancellation);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(HttpMethod.Delete, path, null, cancellation);

    /// <summary>The lines of an event stream; disposing the reader ends it.</summary>
    public async Task<StreamReader> OpenEventsAsync(string path, CancellationToken cancellation)
    {
        using var request = Request(HttpMethod.Get, path);
        var response = await GuardAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation));
        await RefuseAsync(response, cancellation);
        return new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
    }

    /// <summary>Puts a file where an upload slot says. Over the socket only the path of that address counts.</summary>
    public async Task UploadAsync(string url, Stream content, CancellationToken cancellation)
    {
        var target = new Uri(address.Url, url);
        using var request = new HttpRequestMessage(HttpMethod.Put, address.Socket is null ? target : new Uri(address.Url, target.PathAndQuery));
        request.Content = new StreamContent(content);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Content.Headers.ContentLength = content.Length;
        using var response = await GuardAsync(() => _http.SendAsync(request, cancellation));
        await RefuseAsync(response, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, byte[]? json, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Patience);
        using var request = Request(method, path);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(json);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await GuardAsync(() => _http.SendAsync(request, deadline.Token));
            await RefuseAsync(response, deadline.Token);
            return Parse(await response.Content.ReadAsStringAsync(deadline.Token));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiUnreachableException($"{address} did not answer within {Patience.TotalSeconds} s", late: true);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = address.Key is null ? null : new AuthenticationHeaderValue("Bearer", address.Key);
        return request;
    }

    private async Task<HttpResponseMessage> GuardAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException e)
        {
            throw new ApiUnreachableException($"cannot reach capyd at {address}: {address.Explain(e)}");
        }
    }

    private static async Task RefuseAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var body = Parse(await response.Content.ReadAsStringAsync(cancellation));
        var (status, words) = ((int)response.StatusCode, body.Text("error"));
        response.Dispose();
        throw new ApiRefusedException(status, words.Length > 0 ? words : $"the API answered {status}", body.TextOrNull("hint"));
    }

    /// <summary>What is not JSON, such as a proxy's page, is nothing to read from.</summary>
    private static JsonElement Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
