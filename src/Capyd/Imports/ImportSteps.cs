using Capyd.Jobs;
using Capyd.Storage.Projects;

namespace Capyd.Imports;

/// <summary>From the source to a proven build, going on where an earlier run stopped.</summary>
internal sealed class ImportSteps(FetchSource fetch, StageSource stage, BuildImport build, UploadFiles uploads)
{
    /// <summary>What the earlier stages left is on disk; each stage is noted when it is whole.</summary>
    public async Task<ImportResult> ProveAsync(JobContext job, ProjectRow project, ImportPayload payload, ImportPlace place, CancellationToken cancellation)
    {
        var reached = ImportCheckpoint.Of(job.Row);
        reached = reached.Stage == ImportCheckpoint.Accepted ? await FetchAsync(job, project, payload, place, cancellation) : reached;
        reached = reached.Stage == ImportCheckpoint.Fetched ? await StageAsync(job, project, payload, place, reached, cancellation) : reached;
        reached = reached.Stage == ImportCheckpoint.Staged ? await BuildAsync(job, project, place, reached, cancellation) : reached;
        return reached.Result ?? throw new InvalidOperationException($"the import stopped at '{reached.Stage}', which is no stage");
    }

    private async Task<ImportCheckpoint> FetchAsync(JobContext job, ProjectRow project, ImportPayload payload, ImportPlace place, CancellationToken cancellation)
    {
        var excluded = payload.UploadId is null ? await fetch.RunAsync(job, project, place, cancellation) : [];
        FaultPoint.Reach("import.after_fetch");
        return await NoteAsync(job, new ImportCheckpoint(ImportCheckpoint.Fetched, excluded));
    }

    private async Task<ImportCheckpoint> StageAsync(
        JobContext job, ProjectRow project, ImportPayload payload, ImportPlace place, ImportCheckpoint reached, CancellationToken cancellation)
    {
        var file = payload.UploadId is { } upload ? uploads.PathOf(UploadId.Parse(upload)) : place.Fetched;
        await stage.RunAsync(job, project, place, file, reached.ExcludedSchemas, cancellation);
        FaultPoint.Reach("import.after_notes");
        File.Delete(place.Fetched);
        return await NoteAsync(job, reached with { Stage = ImportCheckpoint.Staged });
    }

    private async Task<ImportCheckpoint> BuildAsync(JobContext job, ProjectRow project, ImportPlace place, ImportCheckpoint reached, CancellationToken cancellation)
    {
        var staged = place.ReadNotes();
        await build.RunAsync(job, project, place, staged, cancellation);
        FaultPoint.Reach("import.before_proven");
        var result = new ImportResult(staged.Report, staged.Inventory.Relations.Count, staged.Inventory.Relations.Sum(relation => relation.Rows), null);
        return await NoteAsync(job, reached with { Stage = ImportCheckpoint.Proven, Result = result });
    }

    private static async Task<ImportCheckpoint> NoteAsync(JobContext job, ImportCheckpoint reached)
    {
        await job.CheckpointAsync(reached.ToJson());
        return reached;
    }
}
