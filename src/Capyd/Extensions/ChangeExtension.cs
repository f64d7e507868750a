using System.Text.Json;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Projects;
using Capyd.Storage.Jobs;

namespace Capyd.Extensions;

/// <summary>Accepts that an extension is enabled, disabled or updated, when it can be on this server.</summary>
internal sealed class ChangeExtension(MetadataDatabase metadata, ExtensionSurveyor surveyor, JobQueue queue)
{
    private const int LongestShown = 63;

    public Task<JobRow> EnableAsync(Principal principal, string projectId, string? name, CancellationToken cancellation) =>
        AcceptAsync(principal, projectId, name, EnableExtensionJob.JobType, "project.extension_enabled", static (survey, allowed) => survey.RequireEnableable(allowed), cancellation);

    public Task<JobRow> DisableAsync(Principal principal, string projectId, string name, CancellationToken cancellation) =>
        AcceptAsync(principal, projectId, name, DisableExtensionJob.JobType, "project.extension_disabled", static (survey, allowed) => survey.RequireEnabled(allowed), cancellation);

    public Task<JobRow> UpdateAsync(Principal principal, string projectId, string name, CancellationToken cancellation) =>
        AcceptAsync(principal, projectId, name, UpdateExtensionJob.JobType, "project.extension_updated", static (survey, allowed) => survey.RequireEnabled(allowed), cancellation);

    private async Task<JobRow> AcceptAsync(
        Principal principal, string projectId, string? name, string type, string action, Action<ExtensionSurvey, AllowedExtension> require, CancellationToken cancellation)
    {
        var project = metadata.Read(session => ProjectAccess.FindReady(session, principal, projectId));
        var allowed = Allowed(name);
        require(await surveyor.SurveyAsync(project, cancellation), allowed);
        return await queue.AcceptAsync((tx, now) => Store(tx, principal, projectId, allowed.Name, (type, action), now), cancellation);
    }

    private JobRow Store(MetadataTransaction tx, Principal principal, string projectId, string name, (string Type, string Action) change, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        var payload = JsonSerializer.Serialize(new ExtensionPayload(name), ExtensionsJson.Default.ExtensionPayload);
        var job = ProjectJobs.Enqueue(tx, queue, project, change.Type, now, payload);
        AuditTrail.Append(tx, principal, change.Action, project.Id, now, new AuditDetail(JobId: job.Id.ToString(), Name: name));
        return job;
    }

    private static AllowedExtension Allowed(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw CapydException.Invalid("name: wants the name of an extension", "GET …/extensions lists what this server allows");
        }

        return ExtensionCatalog.Find(name) ?? throw CapydException.Invalid(
            name == "plpgsql" ? "plpgsql is always there and is not managed" : $"extension '{Shown(name)}' is not on the allowlist",
            "GET …/extensions lists what this server allows");
    }

    private static string Shown(string name) => ProjectNaming.IsPlain(name) && name.Length <= LongestShown ? name : "…";
}
