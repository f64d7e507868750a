using System.Security.Cryptography;
using System.Text;
using Capyd.Storage.Approvals;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Approvals;

/// <summary>
/// One action on one project, approved by a person: on the host, or an administrator of the organization. Ten minutes, once; only the hash is kept. A used token returns the
/// job that it authorized (contract D.15).
/// </summary>
internal sealed record Approval(ApprovalRow Row)
{
    public const string DeleteProject = "project.delete";
    public const string RestoreOverwrite = "project.restore_overwrite";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static IReadOnlyList<string> Actions { get; } = [DeleteProject, RestoreOverwrite];

    /// <summary>An action that there is.</summary>
    public static string Known(string? action) => action is not null && Actions.Contains(action)
        ? action
        : throw CapydException.Invalid("action: there is no such action to approve", $"it is one of {string.Join(", ", Actions)}");

    /// <summary>A new token, <c>ap_…</c>, and the row that remembers its hash.</summary>
    public static (string Token, ApprovalRow Row) Mint(ProjectId project, string action, DateTimeOffset now)
    {
        var token = "ap_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 40);
        return (token, new ApprovalRow
        {
            Id = ApprovalId.New(), ProjectId = project, Action = action, TokenHash = Hash(token), ExpiresAt = now + Lifetime, CreatedAt = now,
        });
    }

    /// <summary>The job that a used token authorized, if this is one.</summary>
    public static JobRow? FindUsed(MetadataSession session, string? token, ProjectId project, string action) =>
        Find(session, token, project, action) is { JobId: { } job } ? JobStore.Find(session, job) : null;

    public static Approval Require(MetadataSession session, string? token, ProjectRow project, string action, DateTimeOffset now) =>
        Find(session, token, project.Id, action) is { ConsumedAt: null } row && row.ExpiresAt > now
            ? new Approval(row)
            : throw new CapydException(
                ErrorCode.ApprovalRequired, "this action requires an approval token",
                $"a person runs on the host: capyd approve {project.Slug} {action}; pass what it prints as approval_token within 10 minutes");

    public void Consume(MetadataTransaction tx, JobId job, DateTimeOffset now)
    {
        if (!ApprovalStore.Consume(tx, Row.Id, job, now))
        {
            throw new CapydException(ErrorCode.ApprovalRequired, "this approval token was used a moment ago");
        }
    }

    private static ApprovalRow? Find(MetadataSession session, string? token, ProjectId project, string action) =>
        !string.IsNullOrEmpty(token) && ApprovalStore.FindByTokenHash(session, Hash(token)) is { } row && row.ProjectId == project && row.Action == action ? row : null;

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
