using Capyd.Postgres.Cluster;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Clones;

/// <summary>
/// Copies a living database on its own server. Where nobody is connected the server copies the files; as soon as somebody
/// comes, and always when somebody is there, a snapshot is read and loaded, which holds up nobody.
/// </summary>
public sealed class DatabaseClone(PostgresCluster cluster, PostgresBinaries binaries, ToolRunner runner)
{
    /// <exception cref="PostgresFailedException">The source cannot be read, or the target not be made.</exception>
    /// <exception cref="ToolFailedException">pg_dump or pg_restore failed.</exception>
    public Task<CloneResult> RunAsync(CloneRequest request, CancellationToken cancellationToken) =>
        PostgresFailure.GuardAsync($"clone database {request.Source}", async () =>
        {
            request.Progress?.Invoke("look", 0);
            var settings = await CloneSettings.ReadAsync(cluster, request, cancellationToken);
            var template = new TemplateCopy(cluster, request);
            var obstacle = await template.ObstacleAsync(cancellationToken) ?? await CopyFilesAsync(template, request, settings, cancellationToken);
            return obstacle is null
                ? new CloneResult(CloneResult.Template, "nobody was connected", 0, 0, [])
                : await CopySnapshotAsync(request, settings, obstacle, cancellationToken);
        });

    /// <returns>Null when the copy is there and belongs to its owner; else what was in the way.</returns>
    private async Task<string?> CopyFilesAsync(
        TemplateCopy template, CloneRequest request, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        request.Progress?.Invoke("template", 0.1);
        if (await template.CopyAsync(cancellationToken) is { } disturbed)
        {
            return disturbed;
        }

        request.Progress?.Invoke("owner", 0.9);
        var databases = new DatabaseAdmin(cluster);
        await databases.ProvisionAsync(Spec(request, settings, null), cancellationToken);
        var left = await new CopyOwnership(cluster, request.Target, request.Owner).TakeAsync(cancellationToken);
        if (left is not null)
        {
            await databases.DropAsync(request.Target, cancellationToken);
        }

        return left;
    }

    private Task<CloneResult> CopySnapshotAsync(
        CloneRequest request, IReadOnlyDictionary<string, string> settings, string reason, CancellationToken cancellationToken) =>
        new SnapshotTransfer(cluster, cluster, binaries, runner).RunAsync(
            request, locale => new DatabaseAdmin(cluster).ProvisionAsync(Spec(request, settings, locale), cancellationToken), reason, cancellationToken);

    internal static DatabaseSpec Spec(CloneRequest request, IReadOnlyDictionary<string, string> settings, DatabaseLocale? locale) =>
        new(request.Target, request.Owner, locale, settings, Marker: request.Marker);
}
