using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;
using Npgsql;

namespace Capyd.Postgres.Clones;

/// <summary>What a restore by an ordinary role would leave out or change, and a copy of the files would not.</summary>
internal static class TemplateObstacle
{
    /// <returns>As the end of "it holds …"; null when there is nothing.</returns>
    public static async Task<string?> FindAsync(NpgsqlConnection inside, CancellationToken cancellationToken)
    {
        var skipped = await new CatalogReader(inside).SkippedAsync(cancellationToken);
        return skipped is [var first, ..]
            ? $"what only a superuser makes: {first.Type} {first.Identity}"
            : await inside.ScalarAsync<string>(SqlText.Of("template_obstacles"), cancellationToken);
    }
}
