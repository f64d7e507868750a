using System.Globalization;

namespace Capyd.SystemTests.OffHost;

/// <summary>The segment of WAL that is being written, as far as it is in the bucket.</summary>
public static partial class GrowingSegment
{
    /// <summary>Waits until everything that is committed now is in the bucket, by the bucket itself and by what the daemon says.</summary>
    public static async Task UntilOffHostAsync(OffHostGround ground)
    {
        await UntilInBucketAsync(ground);
        await Until.TrueAsync("the daemon says so", async () => await AgeAsync(ground) == 0);
    }

    /// <summary>The same by the bucket alone.</summary>
    public static async Task UntilInBucketAsync(OffHostGround ground)
    {
        var sql = EmbeddedData.Superuser(ground.Daemon.DataDirectory);
        var segment = (await sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))!;
        var offset = long.Parse((await sql.OneAsync("postgres", "SELECT (pg_walfile_name_offset(pg_current_wal_flush_lsn())).file_offset"))!, CultureInfo.InvariantCulture);
        await Until.TrueAsync($"{segment} is in the bucket up to {offset}", async () => await CopiedAsync(ground, segment) >= offset - 7);
    }

    /// <summary>Seconds of commits that would be lost with the host; -1 while the daemon does not know.</summary>
    public static async Task<double> AgeAsync(OffHostGround ground) =>
        AgeLine().Match((await ground.Api.GetAsync("/metrics")).Expect(200).Text) is { Success: true } line
            ? double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : -1;

    /// <summary>Pieces in the bucket, of one segment or of all.</summary>
    public static async Task<IReadOnlyList<string>> PiecesAsync(OffHostGround ground, string segment = "") =>
        [.. (await ground.ListBucketAsync("growing/")).Where(name => name.Contains($"/{segment}", StringComparison.Ordinal))];

    /// <summary>What others write may have completed it meanwhile.</summary>
    private static async Task<long> CopiedAsync(OffHostGround ground, string segment) => (await ground.ListBucketAsync("wal/")).Any(name => name.EndsWith($"/{segment}.zst", StringComparison.Ordinal))
        ? long.MaxValue
        : (await PiecesAsync(ground, segment))
            .Select(name => long.Parse(name[^"XXXXXXXX.zst".Length..^".zst".Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();

    [System.Text.RegularExpressions.GeneratedRegex(@"^capyd_repository_wal_age_seconds (\S+)$", System.Text.RegularExpressions.RegexOptions.Multiline)]
    private static partial System.Text.RegularExpressions.Regex AgeLine();
}
