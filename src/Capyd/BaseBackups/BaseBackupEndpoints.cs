using System.Globalization;
using Capyd.Auth;
using Capyd.Jobs;
using Capyd.Storage.BaseBackups;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Capyd.BaseBackups;

/// <summary>Base backups of the whole server: taken by hand, listed, verified.</summary>
internal static class BaseBackupEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var backups = routes.MapGroup("/v1/base-backups").WithTags("base backups");
        backups.MapGet("", List).RequireScope(Scopes.BackupsRead).WithName("listBaseBackups");
        backups.MapPost("", CreateAsync).RequireScope(Scopes.BackupsWrite).WithName("createBaseBackup");
        backups.MapGet("/{baseBackupId}", Get).RequireScope(Scopes.BackupsRead).WithName("getBaseBackup");
        backups.MapPost("/{baseBackupId}/verify", VerifyAsync).RequireScope(Scopes.BackupsWrite).WithName("verifyBaseBackup");
    }

    private static Ok<BaseBackupsBody> List(HttpContext context, MetadataDatabase metadata)
    {
        var rows = metadata.Read(session =>
        {
            InstanceAccess.Require(session, Principal.Of(context));
            return BaseBackupStore.List(session);
        });
        return TypedResults.Ok(new BaseBackupsBody(rows.Select(Present).ToList()));
    }

    private static Ok<BaseBackupEnvelope> Get(HttpContext context, string baseBackupId, MetadataDatabase metadata) =>
        TypedResults.Ok(new BaseBackupEnvelope(Present(metadata.Read(session => InstanceAccess.Find(session, Principal.Of(context), baseBackupId)))));

    private static async Task<Accepted<AcceptedBaseBackupBody>> CreateAsync(
        HttpContext context, CreateBaseBackupRequest? request, StartBaseBackup start, JobPresenter jobs)
    {
        var (job, backup) = await start.RunAsync(Principal.Of(context), request?.Label, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", new AcceptedBaseBackupBody(jobs.Present(job), Present(backup)));
    }

    private static async Task<Accepted<JobEnvelope>> VerifyAsync(HttpContext context, string baseBackupId, VerifyBaseBackup verify, JobPresenter jobs)
    {
        var job = await verify.RunAsync(Principal.Of(context), baseBackupId, context.RequestAborted);
        return TypedResults.Accepted($"/v1/jobs/{job.Id}", jobs.Envelope(job));
    }

    private static BaseBackupBody Present(BaseBackupRow row) => new(
        row.Id.ToString(), row.Name, row.State, row.Trigger, row.Label, row.SystemIdentifier, row.Timeline, row.StartLsn, row.StopLsn, row.StopAt,
        row.ServerVersion is { } version ? string.Create(CultureInfo.InvariantCulture, $"{version / 10000}.{version % 10000}") : null,
        row.Files, row.LogicalBytes, row.AddedBytes, row.VerificationState, row.VerificationError, row.VerifiedAt, row.Error, row.JobId?.ToString(),
        row.CreatedAt, row.CompletedAt, row.Reading);
}
