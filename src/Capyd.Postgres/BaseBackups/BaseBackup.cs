using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// Takes a base backup and hands its files on as they come; nothing is staged. By the server's own BASE_BACKUP, which sends everything: all
/// tablespaces come through the one connection, one after another, the data directory last. With an earlier backup, where that is safe, only
/// what changed since is read.
/// </summary>
public sealed class BaseBackup(PostgresCluster cluster)
{
    private const int OldestVersion = 150000;

    private const string Facts = """
        SELECT current_setting('server_version_num')::pg_catalog.int4, pg_catalog.pg_size_bytes(current_setting('wal_segment_size')),
               current_setting('data_checksums')::pg_catalog.bool,
               (SELECT s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = 'data_directory')
        """;

    private const string Clock = "SELECT pg_catalog.date_trunc('milliseconds', pg_catalog.clock_timestamp()) + interval '1 millisecond'";

    private const string Databases = "SELECT oid::pg_catalog.int8, datname::pg_catalog.text FROM pg_catalog.pg_database ORDER BY oid";

    /// <summary>The backup is whole only when this returns; until then nothing of it must be published.</summary>
    /// <exception cref="BaseBackupFailedException">The server failed or refused, its pages are damaged, or what arrived is
    /// not what it sent.</exception>
    /// <exception cref="PostgresFailedException">The server cannot be asked for its settings.</exception>
    public async Task<BaseBackupResult> RunAsync(BaseBackupRequest request, CancellationToken cancellationToken)
    {
        if (request.Label.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            throw new ArgumentException("The label of a base backup is one line.", nameof(request));
        }

        var server = await SettingsAsync(cancellationToken);
        var result = request.Earlier is null ? null : await new ChangedBackup(cluster.Endpoint, request, server).TryRunAsync(cancellationToken);
        result ??= await ReadWholeAsync(request, server, cancellationToken);
        return result with { StopAt = await ClockAsync(cancellationToken) };
    }

    private async Task<BaseBackupResult> ReadWholeAsync(BaseBackupRequest request, ServerSettings server, CancellationToken ct)
    {
        await using var connection = await BackupConnection.OpenAsync(cluster.Endpoint, request.ApplicationName, ct);
        var identifier = await IdentifyAsync(connection, ct);
        await connection.SendQueryAsync(Command(request), ct);
        var begin = (await connection.ReadRowsAsync(ct))[0];
        var places = await connection.ReadRowsAsync(ct);
        var start = new BaseBackupStart(
            identifier, Timeline(begin), Lsn.Parse(begin[0]!), server.Version, server.WalSegmentBytes, server.DataChecksums, Estimate(places))
        {
            Tablespaces = Tablespaces(places),
            Databases = server.Databases,
        };
        await (request.Started?.Invoke(start, ct) ?? Task.CompletedTask);
        var result = await new BaseBackupReceiver(connection, request, start).RunAsync(ct);
        return result with
        {
            StartedAt = server.Now,
            SettledBefore = SettledTime.Before(server.Now, Places(server, start.Tablespaces)),
            ReadBytes = result.Bytes,
        };
    }

    /// <summary>The directories that may lie on file systems of their own.</summary>
    internal static IEnumerable<string?> Places(ServerSettings server, IReadOnlyList<BaseBackupTablespace> tablespaces) =>
        tablespaces.Select(static place => place.Location).Append(server.DataDirectory);

    internal static TimelineId Timeline(string?[] row) => new(uint.Parse(row[1]!, CultureInfo.InvariantCulture));

    private static string Command(BaseBackupRequest request)
    {
        var rate = request.MaxRateKilobytes is { } most ? string.Create(CultureInfo.InvariantCulture, $", MAX_RATE {most}") : "";
        return $"BASE_BACKUP (LABEL '{request.Label.Replace("'", "''", StringComparison.Ordinal)}', PROGRESS, "
            + $"CHECKPOINT '{(request.FastCheckpoint ? "fast" : "spread")}', WAIT 0, TABLESPACE_MAP, "
            + $"MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C'{rate})";
    }

    private async Task<ServerSettings> SettingsAsync(CancellationToken ct)
    {
        var now = await ClockAsync(ct);
        return await cluster.UseAsync(
            null,
            "ask the server for its settings before a base backup",
            async connection =>
            {
                var databases = await connection.ListAsync(Databases, static row => new BaseBackupDatabase((uint)row.GetInt64(0), row.GetString(1)), ct);
                var settings = (await connection.ListAsync(
                    Facts, row => new ServerSettings(row.GetInt32(0), (int)row.GetInt64(1), row.GetBoolean(2), now)
                    {
                        Databases = databases,
                        DataDirectory = row.IsDBNull(3) ? null : row.GetString(3),
                    }, ct))[0];
                return settings.Version >= OldestVersion
                    ? settings
                    : throw new BaseBackupFailedException(
                        $"The server is PostgreSQL {settings.Version / 10000}; base backups need 15 or newer.", BaseBackupFailure.Refused);
            },
            ct);
    }

    private async Task<DateTimeOffset> ClockAsync(CancellationToken ct)
    {
        var now = await cluster.UseAsync(
            null,
            "read the server's clock after a base backup",
            async connection => (await connection.ListAsync(Clock, static row => row.GetDateTime(0), ct))[0],
            ct);
        return new DateTimeOffset(now, TimeSpan.Zero);
    }

    private static async Task<SystemIdentifier> IdentifyAsync(BackupConnection connection, CancellationToken ct) =>
        SystemIdentifier.Parse((await connection.QueryAsync("IDENTIFY_SYSTEM", ct))[0][0]!);

    // The row of the data directory itself has neither OID nor place. Sizes are in kilobytes.
    private static long Estimate(List<string?[]> places) =>
        places.Sum(static place => long.Parse(place[2] ?? "0", CultureInfo.InvariantCulture)) * 1024;

    private static List<BaseBackupTablespace> Tablespaces(List<string?[]> places) =>
        [.. places.Where(static place => place[0] is not null)
            .Select(static place => new BaseBackupTablespace(uint.Parse(place[0]!, CultureInfo.InvariantCulture), place[1] ?? ""))];
}
