using System.Globalization;
using Capyd.Jobs;
using Capyd.Postgres.Cluster;
using Capyd.Projects;
using Capyd.Storage.Previews;
using Capyd.Storage.Projects;
using Capyd.Storage.Secrets;

namespace Capyd.Previews;

/// <summary>Rows and names of new previews, and what their role has to look like.</summary>
internal sealed class PreviewPlan(SecretBox secrets, CapydOptions options)
{
    private const int DefaultTtlHours = 24;
    private const int MostTtlHours = 168;

    public static int TtlHours(int? asked) => asked is null or (>= 1 and <= MostTtlHours)
        ? asked ?? DefaultTtlHours
        : throw CapydException.Invalid($"ttl_hours: wants 1 to {MostTtlHours}");

    /// <summary>A row in state <c>provisioning</c>, with its own role and password.</summary>
    public PreviewRow NewRow(MetadataSession session, ProjectRow project, string? name, int ttlHours, DateTimeOffset now)
    {
        var id = PreviewId.New();
        var live = PreviewStore.ListLive(session, project.Id);
        var taken = live.Select(row => row.Name).ToHashSet(StringComparer.Ordinal);
        var chosen = string.IsNullOrWhiteSpace(name) ? PreviewNames.Pick(Random.Shared, taken) : ProjectNaming.Name(name);
        if (taken.Contains(chosen))
        {
            throw new CapydException(ErrorCode.AlreadyExists, $"this project already has a preview named '{chosen}'");
        }

        if (live.Count >= options.Plan.MaxPreviews)
        {
            throw CapydException.Invalid($"the limit of {options.Plan.MaxPreviews} previews is reached", "delete one, or raise plan.max_previews in capyd.yaml");
        }

        var database = ProjectNaming.DatabaseName($"{project.Slug[..Math.Min(project.Slug.Length, 30)]}_preview", id.Random);
        return new PreviewRow
        {
            Id = id, ProjectId = project.Id, OrganizationId = project.OrganizationId, Name = chosen, Mode = "clone", State = "provisioning",
            DatabaseName = database, RoleName = database, PasswordSealed = secrets.Seal(Password.Random().Value, id.ToString()),
            TtlHours = ttlHours, TtlExpiresAt = now.AddHours(ttlHours), CreatedAt = now, UpdatedAt = now,
        };
    }

    public RoleSpec Role(PreviewRow preview) =>
        new(RoleName.Parse(preview.RoleName), new Password(Unseal(preview)), options.Plan.MaxConnections, $"capyd:{preview.Id}");

    /// <summary>Created in a preview without content, where the host has them.</summary>
    public IReadOnlyList<string> Extensions => options.DefaultExtensions;

    /// <summary>Database-level settings of the plan.</summary>
    public IReadOnlyDictionary<string, string> Settings() => ProjectDatabase.Settings(options.Plan.StatementTimeout, options.Plan.IdleTransactionTimeout);

    public string Unseal(PreviewRow preview) => secrets.Unseal(preview.PasswordSealed, preview.Id.ToString());

    /// <summary>The lifecycle job of a preview: alone on it.</summary>
    public static NewJob Job(string type, PreviewRow preview, string payload = "{}") => new(type, preview.OrganizationId)
    {
        Project = preview.ProjectId, Preview = preview.Id, LockedResource = JobQueue.PreviewLock(preview.Id), PayloadJson = payload,
    };

    public static string Describe(PreviewRow preview) =>
        string.Create(CultureInfo.InvariantCulture, $"preview {preview.Name} ({preview.Id}), until {preview.TtlExpiresAt:yyyy-MM-dd HH:mm} UTC");
}
