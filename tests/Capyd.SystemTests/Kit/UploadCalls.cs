using System.Net.Http.Headers;

namespace Capyd.SystemTests.Kit;

/// <summary>Files into upload slots, as a plain HTTP client sends them: no credential, a signed URL.</summary>
public static class UploadCalls
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>A new slot of the project.</summary>
    public static async Task<JsonObject> NewSlotAsync(this ApiClient api, string project) =>
        (await api.PostAsync($"/v1/projects/{project}/imports/uploads")).Expect(201)["upload"];

    /// <summary>The object key of an uploaded file.</summary>
    public static async Task<string> UploadAsync(this ApiClient api, string project, byte[] file)
    {
        var slot = await api.NewSlotAsync(project);
        (await PutAsync(slot.Text("upload_url"), file)).Expect(200);
        return slot.Text("object_key");
    }

    /// <param name="chunked">Without a Content-Length.</param>
    public static async Task<Reply> PutAsync(string url, byte[] file, bool chunked = false)
    {
        using var content = new StreamContent(new MemoryStream(file));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentLength = chunked ? null : file.Length;
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = content };
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked ? true : null;
        using var response = await Http.SendAsync(request);
        return new Reply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), new Dictionary<string, string>());
    }
}
