using System.Text.Json;
using Capyd.Auth;

namespace Capyd.Jobs;

/// <summary><c>GET /v1/jobs/{id}/events</c>: each change of a job as a server-sent event, until it has ended.</summary>
internal static class JobEvents
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    public static async Task StreamAsync(HttpContext context, string jobId, MetadataDatabase metadata, JobPresenter presenter, JobWatch watch, TimeProvider clock)
    {
        var principal = Principal.Of(context);
        var gone = context.RequestAborted;
        var id = metadata.Read(session => JobEndpoints.Find(session, principal, jobId)).Id;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        while (true)
        {
            var change = watch.NextChangeAsync(id);
            var job = presenter.Present(metadata.Read(session => JobEndpoints.Find(session, principal, jobId)));
            await WriteAsync(context.Response, job, gone);
            if (job.State is "completed" or "failed")
            {
                watch.Changed(id); // nothing else would let go of the watchers of an ended job
                return;
            }

            while (await Task.WhenAny(change, Task.Delay(KeepAlive, clock, gone)) != change)
            {
                await context.Response.WriteAsync(": waiting\n\n", gone);
                await context.Response.Body.FlushAsync(gone);
            }
        }
    }

    private static async Task WriteAsync(HttpResponse response, JobBody job, CancellationToken gone)
    {
        var json = JsonSerializer.Serialize(new JobEnvelope(job), JobsJson.Default.JobEnvelope);
        await response.WriteAsync($"event: job\ndata: {json}\n\n", gone);
        await response.Body.FlushAsync(gone);
    }
}
