using System.Formats.Tar;
using System.Text.RegularExpressions;

namespace Capyd.Postgres.Imports;

/// <summary>Takes the files of a dump in directory format out of a tar: plain files of one directory under the names that pg_dump
/// gives, and nothing else.</summary>
internal static partial class TarOpener
{
    /// <exception cref="ImportRefusedException">There is something else in the tar, or no dump.</exception>
    public static async Task ExtractAsync(Stream tar, string directory, CancellationToken cancellationToken)
    {
        string? home = null;
        try
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
            {
                if (entry.EntryType is TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes)
                {
                    continue;
                }

                var (parent, name) = Judge(entry);
                home ??= parent;
                if (parent != home)
                {
                    throw new ImportRefusedException($"The tar holds files of several directories: \"{LatinText.Flat(home)}\" and \"{LatinText.Flat(parent)}\". Pack the one directory that pg_dump made.");
                }

                await WriteAsync(entry, Path.Combine(directory, name), cancellationToken);
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ImportRefusedException($"The tar file is damaged or cut off: {LatinText.Flat(e.Message)} Pack or upload it again.", e);
        }

        if (!File.Exists(Path.Combine(directory, "toc.dat")))
        {
            throw new ImportRefusedException("The tar holds no dump: toc.dat is missing in it. Pack the directory that pg_dump --format=directory made.");
        }
    }

    private static (string Parent, string Name) Judge(TarEntry entry)
    {
        var path = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        var slash = path.LastIndexOf('/');
        var (parent, name) = (slash < 0 ? "" : path[..slash], path[(slash + 1)..]);
        var regular = entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile;
        return regular && DumpFile().IsMatch(name) && !path.StartsWith('/') && !parent.Split('/').Contains("..")
            ? (parent, name)
            : throw new ImportRefusedException(
                $"The tar holds \"{LatinText.Flat(entry.Name)}\" ({entry.EntryType}), which is no part of a dump. Pack only the directory that pg_dump --format=directory made.");
    }

    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            throw new ImportRefusedException($"The tar holds {Path.GetFileName(path)} twice.");
        }

        await using var file = QuarantineFiles.Create(path);
        if (entry.DataStream is { } data)
        {
            await data.CopyToAsync(file, cancellationToken);
        }
    }

    [GeneratedRegex(@"^(?:toc\.dat|blobs(?:_\d+)?\.toc|(?:blob_)?\d+\.dat(?:\.gz|\.lz4|\.zst)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex DumpFile();
}
