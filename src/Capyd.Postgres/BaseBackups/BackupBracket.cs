using System.Globalization;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.BaseBackups;

/// <summary>
/// The beginning and the end of a base backup by the server's low-level functions, in one session (trap 22): when it ends before the backup
/// does, so does the backup on the server, and nothing is left there.
/// </summary>
internal sealed class BackupBracket(BackupConnection session)
{
    private const int MostReads = 100;

    private const string Facts = """
        SELECT s.system_identifier::text, pg_catalog.current_setting('data_directory_mode'),
               pg_catalog.pg_size_bytes(pg_catalog.current_setting('segment_size'))::text,
               (NOT pg_catalog.pg_is_in_recovery() AND pg_catalog.current_setting('full_page_writes')::bool
                AND pg_catalog.current_setting('block_size') = '8192'
                AND (SELECT pg_catalog.bool_and(pg_catalog.has_function_privilege(f, 'EXECUTE')) FROM pg_catalog.unnest(ARRAY[
                    'pg_catalog.pg_backup_start(text,bool)', 'pg_catalog.pg_backup_stop(bool)', 'pg_catalog.pg_ls_dir(text,bool,bool)',
                    'pg_catalog.pg_stat_file(text,bool)', 'pg_catalog.pg_read_binary_file(text,int8,int8,bool)']) AS f))::text
        FROM pg_catalog.pg_control_system() AS s
        """;

    // A file system that keeps another time than the server shows it by the file that the checkpoint has just written.
    private const string Start = """
        SELECT b.lsn::text, pg_catalog.pg_walfile_name(b.lsn), extract(epoch FROM pg_catalog.clock_timestamp())::float8::text,
               extract(epoch FROM (pg_catalog.pg_stat_file('global/pg_control')).modification)::int8::text
        FROM pg_catalog.pg_backup_start({0}, {1}) AS b (lsn)
        """;

    private const string Now = "SELECT extract(epoch FROM pg_catalog.clock_timestamp())::float8::text";

    private const string Stop = "SELECT b.lsn::text, b.labelfile, b.spcmapfile FROM pg_catalog.pg_backup_stop(false) AS b";

    /// <returns>Null when the server or the role is none for this.</returns>
    public async Task<BackupGround?> LookAsync(CancellationToken ct) => (await session.QueryAsync(Facts, ct))[0] is [{ } identifier, { } mode, { } segment, "true"]
        ? new BackupGround(SystemIdentifier.Parse(identifier), (UnixFileMode)Convert.ToInt32(mode, 8), long.Parse(segment, CultureInfo.InvariantCulture))
        : null;

    /// <summary>Begins the backup; everything that was changed before is in the files from now on.</summary>
    public async Task<BackupBegin> StartAsync(string label, bool fast, CancellationToken ct)
    {
        var statement = Start.Replace("{0}", SqlIdentifier.Literal(label), StringComparison.Ordinal).Replace("{1}", fast ? "true" : "false", StringComparison.Ordinal);
        var row = (await session.QueryAsync(statement, ct))[0];
        return new BackupBegin(
            new TimelineId(uint.Parse(row[1].AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)),
            Lsn.Parse(row[0]!),
            Time(row[2]!),
            long.Parse(row[3]!, CultureInfo.InvariantCulture));
    }

    /// <summary>The server's clock.</summary>
    public async Task<DateTimeOffset> ReadClockAsync(CancellationToken ct) => Time((await session.QueryAsync(Now, ct))[0][0]!);

    /// <summary>Waits until the server's clock shows that time.</summary>
    /// <returns>What it shows.</returns>
    public async Task<DateTimeOffset> WaitUntilAsync(DateTimeOffset time, TimeProvider clock, CancellationToken ct)
    {
        while (true)
        {
            var now = await ReadClockAsync(ct);
            if (now >= time)
            {
                return now;
            }

            await Task.Delay(time - now, clock, ct);
        }
    }

    /// <summary>The control file, which is written at any time: read until it is the same twice.</summary>
    public async Task<byte[]> ReadControlAsync(CancellationToken ct)
    {
        byte[] before = [];
        for (var at = 0; at < MostReads; at++)
        {
            var now = await ReadAsync(BackupExclusions.ControlFile, 0, ct) ?? [];
            if (now.Length > 0 && now.AsSpan().SequenceEqual(before))
            {
                return now;
            }

            before = now;
        }

        throw new BaseBackupFailedException($"{BackupExclusions.ControlFile} could not be read twice alike.", BaseBackupFailure.Altered);
    }

    /// <returns>A page of a file; null when the file is gone.</returns>
    public async Task<byte[]?> ReadAsync(string path, long offset, CancellationToken ct)
    {
        var statement = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT pg_catalog.encode(pg_catalog.pg_read_binary_file({SqlIdentifier.Literal(path)}, {offset}, {RelationFiles.PageBytes}, true), 'hex')");
        return (await session.QueryAsync(statement, ct))[0][0] is { } hex ? Convert.FromHexString(hex) : null;
    }

    /// <returns>Where it ended, and the contents of backup_label and tablespace_map (trap 21).</returns>
    public async Task<BackupEnd> StopAsync(CancellationToken ct) => (await session.QueryAsync(Stop, ct))[0] is [{ } at, { } label, var map]
        ? new BackupEnd(Lsn.Parse(at), label, map ?? "")
        : throw new BaseBackupFailedException("The server ended the base backup without a backup_label.", BaseBackupFailure.Altered);

    private static DateTimeOffset Time(string seconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds((long)(double.Parse(seconds, CultureInfo.InvariantCulture) * 1000));
}
