using Capyd.Audit;
using Capyd.Auth;
using Capyd.Projects;
using Capyd.Storage.Uploads;

namespace Capyd.Imports;

/// <summary>Slots for files to import: made on request, found again by their object key.</summary>
internal sealed class UploadSlots(MetadataDatabase metadata, TimeProvider clock)
{
    private const string KeyPrefix = "uploads/";
    private const int MostPerProject = 10;

    /// <summary>How long an upload may wait to begin.</summary>
    private static readonly TimeSpan SlotLife = TimeSpan.FromMinutes(60);

    public static string KeyOf(UploadId upload) => KeyPrefix + upload;

    public Task<UploadRow> CreateAsync(Principal principal, string projectId, CancellationToken cancellation) =>
        metadata.WriteAsync(tx => Create(tx, principal, projectId, clock.GetUtcNow()), cancellation);

    private static UploadRow Create(MetadataTransaction tx, Principal principal, string projectId, DateTimeOffset now)
    {
        var project = ProjectAccess.FindReady(tx, principal, projectId);
        if (UploadStore.List(tx).Count(row => row.ProjectId == project.Id) >= MostPerProject)
        {
            throw new CapydException(
                ErrorCode.WrongState, $"the project has {MostPerProject} uploads already", "an unused slot goes after 60 minutes, an uploaded file after 24 hours or when it is imported");
        }

        var row = new UploadRow
        {
            Id = UploadId.New(), OrganizationId = project.OrganizationId, ProjectId = project.Id, State = UploadStates.Open,
            ExpiresAt = now + SlotLife, CreatedAt = now, UpdatedAt = now,
        };
        UploadStore.Insert(tx, row);
        AuditTrail.Append(tx, principal, "project.import_upload_created", project.Id, now, new AuditDetail(Target: KeyOf(row.Id)));
        return row;
    }

    /// <summary>The whole file behind a key; another project's looks missing.</summary>
    public static UploadRow FindWhole(MetadataSession session, ProjectId project, string key, DateTimeOffset now)
    {
        var known = key.StartsWith(KeyPrefix, StringComparison.Ordinal) && UploadId.TryParse(key[KeyPrefix.Length..], out var id) ? UploadStore.Find(session, id) : null;
        if (known is null || known.ProjectId != project || known.ExpiresAt <= now)
        {
            throw new CapydException(ErrorCode.NotFound, "upload not found", "uploads are kept for 24 hours and are good for one import; POST …/imports/uploads makes a slot");
        }

        return known.State == UploadStates.Uploaded
            ? known
            : throw new CapydException(ErrorCode.WrongState, "nothing was uploaded there yet", "PUT the file to upload_url first, and wait for its answer");
    }
}
