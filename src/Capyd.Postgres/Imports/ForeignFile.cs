using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Imports;

/// <summary>Brings a foreign file into the form that can be read: decompressed, and with its parts as files where pg_restore needs them.</summary>
internal sealed class ForeignFile(PostgresBinaries binaries, ToolRunner runner, Confinement confinement)
{
    private const int TarEnd = 1024;

    public async Task<ForeignArchive> OpenAsync(QuarantineLayout layout, QuarantineRequest request, CancellationToken cancellationToken)
    {
        var (file, format) = (request.File, await QuarantineInput.DetectAsync(request.File, cancellationToken));
        if (format.Kind is ImportKind.Gzip or ImportKind.Zstd)
        {
            await new Unpacker(runner, confinement).UnpackAsync(format.Kind, file, layout.Unpacked, request, cancellationToken);
            (file, format) = (layout.Unpacked, await QuarantineInput.DetectAsync(layout.Unpacked, cancellationToken));
        }

        if (format.Kind is ImportKind.Gzip or ImportKind.Zstd)
        {
            throw new ImportRefusedException("The file is compressed twice. Unpack it once and hand it in again.");
        }

        QuarantineInput.RefuseAbove(new FileInfo(file).Length, request.Limits);
        var needsFiles = await PlaceAsync(format.Kind, file, layout.Archive, cancellationToken);
        format = format.Kind == ImportKind.DirectoryInTar ? format with { ArchiveVersion = VersionIn(layout.Archive) } : format;
        var archive = new ForeignArchive(format, file, binaries, runner) { Confinement = confinement, Directory = needsFiles ? layout.Archive : null };
        archive.RefuseNewer();
        return archive;
    }

    /// <returns>Whether pg_restore must be given files; the other formats are streamed to it.</returns>
    private static async Task<bool> PlaceAsync(ImportKind kind, string file, string directory, CancellationToken cancellationToken)
    {
        if (kind is not (ImportKind.Tar or ImportKind.DirectoryInTar))
        {
            return false;
        }

        await using var source = QuarantineInput.Open(file);
        if (kind == ImportKind.DirectoryInTar)
        {
            await TarOpener.ExtractAsync(source, directory, cancellationToken);
            return true;
        }

        await RefuseCutOffAsync(source, cancellationToken);
        await using var copy = QuarantineFiles.Create(Path.Combine(directory, "archive.tar"));
        await source.CopyToAsync(copy, cancellationToken);
        return true;
    }

    /// <summary>A tar ends with two blocks of zeros; pg_restore does not look whether they are there.</summary>
    private static async Task RefuseCutOffAsync(FileStream tar, CancellationToken cancellationToken)
    {
        var end = new byte[TarEnd];
        tar.Position = Math.Max(0, tar.Length - TarEnd);
        await tar.ReadAtLeastAsync(end, TarEnd, throwOnEndOfStream: false, cancellationToken);
        tar.Position = 0;
        if (tar.Length < TarEnd || end.AsSpan().ContainsAnyExcept((byte)0))
        {
            throw new ImportRefusedException("The tar file is cut off: its end is missing. Dump or upload it again.");
        }
    }

    private static Version? VersionIn(string directory)
    {
        using var toc = File.OpenRead(Path.Combine(directory, "toc.dat"));
        Span<byte> head = stackalloc byte[7];
        var count = toc.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return count == head.Length && head.StartsWith("PGDMP"u8)
            ? new Version(head[5], head[6])
            : throw new ImportRefusedException("The dump's table of contents (toc.dat) is damaged or cut off. Dump or upload it again.");
    }
}
