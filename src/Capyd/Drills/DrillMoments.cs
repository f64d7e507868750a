using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Storage.Drills;
using Capyd.Storage.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Drills;

/// <summary>Chooses the moment of a drill: the one asked for, or one that is drawn of those that can be recovered.</summary>
internal sealed class DrillMoments(RecoveryWindows windows, RecoveryPlanner planner, DumpMoments dumps, MetadataDatabase metadata)
{
    /// <exception cref="CapydException">Nothing can be recovered.</exception>
    public async Task<DrillTarget> ChooseAsync(DrillRow drill, ProjectRow project, CancellationToken cancellation)
    {
        if ((drill.RestoreTime ?? drill.RequestedTime) is { } known)
        {
            var proof = drill.ProofBackupId is { } backup ? await dumps.FindAsync(backup, cancellation) : null;
            return await PlanAsync(known, proof, cancellation);
        }

        var window = await WindowAsync(project, cancellation);
        var random = new Random((int)drill.Seed);
        var dump = random.NextDouble() < 0.5 ? await dumps.DrawAsync(project, window, random, cancellation) : null;
        return await PlanAsync(dump?.At ?? Draw(window, random), dump, cancellation);
    }

    /// <exception cref="CapydException">Nothing of the project can be recovered.</exception>
    public async Task<RecoveryWindow> WindowAsync(ProjectRow project, CancellationToken cancellation)
    {
        var window = (await windows.ReadAsync(cancellation)).Since(Made(project));
        return window.Earliest is not null
            ? window
            : throw new CapydException(ErrorCode.WrongState, $"no moment of the project can be recovered: {window.Reason}", "GET /status says what is missing");
    }

    /// <summary>What was asked for, as a row remembers it.</summary>
    /// <exception cref="CapydException">It cannot be recovered.</exception>
    public async Task<(DateTimeOffset? At, BackupId? Proof)> CheckAsync(ProjectRow project, StartDrillRequest asked, CancellationToken cancellation)
    {
        if (asked is { Time: null, BackupKey: null })
        {
            await WindowAsync(project, cancellation);
            return (null, null);
        }

        var proof = asked.BackupKey is { } key ? await dumps.RequireAsync(project, key, cancellation) : null;
        if (proof is not null && asked.Time is not null)
        {
            throw CapydException.Invalid("time: the moment is that of backup_key; name one of the two");
        }

        var at = proof?.At ?? Milliseconds.Down(RestoreTime.Parse("time", asked.Time!));
        await planner.PlanAsync(new RecoveryWish.Moment(at), cancellation);
        return (at, proof?.Backup);
    }

    /// <summary>Each moment is as likely as any other.</summary>
    internal static DateTimeOffset Draw(RecoveryWindow window, Random random)
    {
        var left = TimeSpan.FromTicks((long)(random.NextDouble() * window.Spans.Sum(span => (span.To - span.From).Ticks)));
        foreach (var span in window.Spans)
        {
            if (span.From + left is var at && at <= span.To)
            {
                var rounded = Milliseconds.Up(at);
                return rounded <= span.To ? rounded : span.To;
            }

            left -= span.To - span.From;
        }

        return window.Spans[^1].To;
    }

    private async Task<DrillTarget> PlanAsync(DateTimeOffset at, DumpMoment? proof, CancellationToken cancellation)
    {
        var plan = await planner.PlanAsync(new RecoveryWish.Moment(at), cancellation);
        return new DrillTarget(plan.Clamped ? Milliseconds.Up(plan.Effective) : at, plan, proof);
    }

    /// <summary>When its database was there, which is a little after it was asked for.</summary>
    private DateTimeOffset Made(ProjectRow project) =>
        metadata.Read(session => JobStore.FirstCompletion(session, project.Id, ProvisionProject.JobType)) ?? project.CreatedAt;
}
