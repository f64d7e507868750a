using Capyd.Postgres.Streams;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>
/// A foreign file as SQL text. Archives are turned into text by a confined pg_restore that knows no server, so that every format
/// goes the same way from here on.
/// </summary>
internal sealed class ForeignArchive(ImportFormat format, string file, PostgresBinaries binaries, ToolRunner runner)
{
    private const int BufferSize = 256 * 1024;
    private static readonly (int Major, Version Newest)[] Known = [(17, new Version(1, 16)), (16, new Version(1, 15)), (0, new Version(1, 14))];

    /// <summary>Where pg_restore finds files; null when it reads standard input.</summary>
    public string? Directory { get; init; }

    public required Confinement Confinement { get; init; }

    public ImportFormat Format { get; } = format;

    public long Length { get; } = new FileInfo(file).Length;

    /// <exception cref="ImportRefusedException">It is of a newer pg_dump than the installed pg_restore can read.</exception>
    public void RefuseNewer()
    {
        var major = binaries.Installations.Count == 0 ? 0 : binaries.Installations[^1].Major;
        var newest = Known.First(k => major >= k.Major).Newest;
        if (Format.ArchiveVersion is { } version && version > newest)
        {
            var maker = version == new Version(1, 15) ? "16" : version == new Version(1, 16) ? "17 or newer" : "a version newer than 18";
            throw new ImportRefusedException(
                $"The archive has format {version}, as pg_dump of PostgreSQL {maker} writes it; the pg_restore installed here ({major}) reads up to {newest}. "
                + $"Dump with pg_dump {Math.Max(major, 13)}, or as plain SQL, or install newer client programs: apt install postgresql-client-{(version.Minor == 15 ? 16 : 17)}.");
        }
    }

    /// <summary>Hands the text to a reader.</summary>
    /// <param name="definitionsOnly">Without rows where the format allows it.</param>
    /// <param name="progress">Called with the bytes of the file used so far.</param>
    /// <exception cref="ImportRefusedException">The archive is damaged.</exception>
    public async Task ReadAsync(
        bool definitionsOnly, Action<long> progress, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        if (Format.Kind == ImportKind.Plain)
        {
            await using var text = QuarantineInput.Open(file);
            await using var counted = new CountingStream(text, progress);
            await read(counted, cancellationToken);
            return;
        }

        var command = Confinement.Wrap(Restore(definitionsOnly), new ConfinedPlace { ReadOnly = Directory is null ? [] : [Directory] });
        var streams = new ToolStreams { Stdin = Directory is null ? (pipe, token) => FeedAsync(pipe, progress, token) : null, Stdout = read };
        var outcome = await runner.RunAsync(command, streams, cancellationToken);
        if (outcome.ExitCode != 0)
        {
            throw new ImportRefusedException($"The archive is damaged or cut off: {LatinText.Flat(outcome.StderrTail)}. Dump or upload it again.");
        }
    }

    private ToolCommand Restore(bool definitionsOnly)
    {
        var arguments = new List<string> { "--file=-", "--no-owner", "--no-privileges", "--no-tablespaces" };
        if (definitionsOnly)
        {
            arguments.Add("--schema-only");
        }

        arguments.Add(Format.Kind switch { ImportKind.Tar => "--format=tar", ImportKind.DirectoryInTar => "--format=directory", _ => "--format=custom" });
        if (Directory is not null)
        {
            arguments.Add(Format.Kind == ImportKind.Tar ? Path.Combine(Directory, "archive.tar") : Directory);
        }

        var newest = binaries.Installations.Count > 0 ? binaries.Installations[^1] : throw new ToolMissingException("pg_restore is not installed. Install it: apt install postgresql");
        return new ToolCommand(newest.PathOf("pg_restore"), arguments);
    }

    private async Task FeedAsync(Stream pipe, Action<long> progress, CancellationToken cancellationToken)
    {
        await using var source = QuarantineInput.Open(file);
        await using var counted = new CountingStream(source, progress);
        await counted.CopyToAsync(pipe, BufferSize, cancellationToken);
    }
}
