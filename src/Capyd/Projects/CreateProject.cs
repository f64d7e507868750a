using System.Globalization;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Cluster;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Projects;

/// <summary>Accepts a new project: the row, its provisioning job and the audit row, in one transaction.</summary>
internal sealed class CreateProject(JobQueue queue, SecretBox secrets, PostgresServer server, CapydOptions options, TimeProvider clock)
{
    public Task<(ProjectRow Project, JobRow Job)> RunAsync(Principal principal, CreateProjectRequest? request, CancellationToken cancellation)
    {
        principal.RequireOrganizationWide();
        var draft = Draft(principal, request, clock.GetUtcNow());
        return queue.AcceptAsync((tx, now) => Store(tx, principal, draft, request?.Slug, now), cancellation);
    }

    private ProjectRow Draft(Principal principal, CreateProjectRequest? request, DateTimeOffset now)
    {
        var name = ProjectNaming.Name(request?.Name);
        var environment = ProjectEnvironment.Parse(request?.Environment) ?? ProjectEnvironment.Production;
        RequireKnown("region", request?.Region, options.Region);
        var id = ProjectId.New();
        var slug = string.IsNullOrEmpty(request?.Slug) ? ProjectNaming.DerivedSlug(name, id) : ProjectNaming.GivenSlug(request.Slug);
        var database = ProjectNaming.DatabaseName(slug, id.Random);
        return new ProjectRow
        {
            Id = id, OrganizationId = principal.Organization, Name = name, Slug = slug, Environment = environment, Region = options.Region,
            Plan = options.Plan.Name, State = "provisioning", DatabaseName = database, RoleName = database,
            PasswordSealed = secrets.Seal(Password.Random().Value, id.ToString()), MaxConnections = options.Plan.MaxConnections,
            StorageLimitBytes = options.Plan.StorageLimitBytes, StatementTimeout = options.Plan.StatementTimeout,
            IdleTransactionTimeout = options.Plan.IdleTransactionTimeout, AlwaysOn = true, PostgresVersion = Version(request?.PostgresVersion), CreatedAt = now, UpdatedAt = now,
        };
    }

    private (ProjectRow, JobRow) Store(MetadataTransaction tx, Principal principal, ProjectRow draft, string? givenSlug, DateTimeOffset now)
    {
        var slug = string.IsNullOrEmpty(givenSlug) ? FreeSlug(tx, draft) : draft.Slug;
        if (ProjectStore.SlugTaken(tx, draft.OrganizationId, slug))
        {
            throw new CapydException(ErrorCode.AlreadyExists, $"slug: another project has the slug '{slug}'");
        }

        ProjectStore.Insert(tx, draft with { Slug = slug });
        var job = ProjectJobs.Enqueue(tx, queue, draft, ProvisionProject.JobType, now);
        AuditTrail.Append(tx, principal, "project.created", draft.Id, now, new AuditDetail(JobId: job.Id.ToString(), Name: draft.Name));
        return (ProjectStore.Find(tx, draft.Id)!, job);
    }

    /// <summary>A slug that is derived from a name gets a number when it is taken: a repeated create makes a second project (contract A.10).</summary>
    private static string FreeSlug(MetadataTransaction tx, ProjectRow draft) =>
        Enumerable.Range(1, 1000)
            .Select(n => n == 1 ? draft.Slug : string.Create(CultureInfo.InvariantCulture, $"{draft.Slug}-{n}"))
            .FirstOrDefault(slug => !ProjectStore.SlugTaken(tx, draft.OrganizationId, slug)) ?? $"{draft.Slug}-{draft.Id.Random[..6]}";

    private string? Version(string? asked)
    {
        var installed = server.Facts?.Major.ToString(CultureInfo.InvariantCulture);
        return string.IsNullOrEmpty(asked) || asked == installed
            ? installed
            : throw CapydException.Invalid($"unsupported postgres version {Clip(asked)}", installed is null ? "PostgreSQL has not answered yet" : $"this server runs {installed}");
    }

    private static void RequireKnown(string field, string? asked, string only)
    {
        if (!string.IsNullOrEmpty(asked) && asked != only)
        {
            throw CapydException.Invalid($"{field}: this server is '{only}', not '{Clip(asked)}'");
        }
    }

    private static string Clip(string text) => text.Length > 40 ? text[..40] + "…" : text;
}
