using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Jobs;
using Capyd.Storage.Secrets;

namespace Capyd.Imports;

/// <summary>Accepts an import: source and target are checked, the URL is sealed, and state, job and audit row are one transaction.</summary>
internal sealed class StartImport(ImportTarget target, SourceGate gate, JobQueue queue, SecretBox secrets)
{
    public async Task<JobRow> RunAsync(Principal principal, string projectId, ImportBody? body, CancellationToken cancellation)
    {
        var project = target.FindReady(principal, projectId);
        var fromUrl = !string.IsNullOrEmpty(body?.SourceUrl);
        if (body is null || fromUrl == !string.IsNullOrEmpty(body.UploadKey))
        {
            throw CapydException.Invalid("give exactly one of source_url and upload_key", "POST …/imports/uploads makes a slot for a file");
        }

        if (fromUrl)
        {
            await gate.VetAsync(body.SourceUrl, cancellation);
        }

        await target.RequireConsentAsync(project, body.Confirm == true, body.Recreate == true, cancellation);
        return await queue.AcceptAsync((tx, now) => Accept(tx, principal, projectId, body, now), cancellation);
    }

    private JobRow Accept(MetadataTransaction tx, Principal principal, string projectId, ImportBody body, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        var upload = string.IsNullOrEmpty(body.UploadKey) ? null : UploadSlots.FindWhole(tx, project.Id, body.UploadKey, now);
        var payload = new ImportPayload(upload?.Id.ToString(), body.Confirm == true, body.Recreate == true);
        var secret = upload is null ? secrets.Seal(body.SourceUrl!, ImportPayload.Context(project.Id)) : null;
        var job = ProjectJobs.Enqueue(tx, queue, project, ImportJob.JobType, now, JsonSerializer.Serialize(payload, ImportsJson.Default.ImportPayload), secret);
        ProjectJobs.Move(tx, project.Id, ["ready"], "importing", null, now);
        AuditTrail.Append(tx, principal, "project.import_started", project.Id, now, new AuditDetail(JobId: job.Id.ToString(), Target: upload is null ? "source_url" : body.UploadKey));
        return job;
    }
}
