using System.Text.Json;
using Capyd.Storage.Repository;

namespace Capyd.Imports;

/// <summary>The directory of one import: the source's dump, the quarantine, and what came out of it.</summary>
internal sealed class ImportPlace(string root)
{
    private const int PumpBuffer = 1 << 17;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Only on its way to the build: speed counts more than size.</summary>
    private static readonly ZstdSettings Fast = new() { Level = 1, Workers = 1, JobSizeBytes = 1 << 20 };

    public string Root { get; } = root;

    public string Fetched => Path.Combine(Root, "source.dump");

    public string Quarantine => Path.Combine(Root, "q");

    private string Archive => Path.Combine(Root, "staged.dump.zst");

    private string Notes => Path.Combine(Root, "staged.json");

    /// <summary>An empty file for the source's dump that nobody else may read.</summary>
    public void PrepareFetch() =>
        new FileStream(Fetched, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Private }).Dispose();

    /// <summary>Stores capyd's own archive while it is dumped.</summary>
    public async Task WriteArchiveAsync(Stream source, CancellationToken cancellation)
    {
        await using var file = new FileStream(Archive, new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous, BufferSize = 0, UnixCreateMode = Private,
        });
        await using var zstd = new ZstdCompressStream(file, Fast, leaveOpen: true);
        await source.CopyToAsync(zstd, PumpBuffer, cancellation);
        await zstd.CompleteAsync(cancellation);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The notes come last: after them the archive is whole, also for a start after a power cut.</summary>
    public void WriteNotes(StagedImport staged) =>
        DurableFile.WriteAllBytes(Notes, JsonSerializer.SerializeToUtf8Bytes(staged, ImportsJson.Default.StagedImport), Private);

    public StagedImport ReadNotes() => JsonSerializer.Deserialize(File.ReadAllBytes(Notes), ImportsJson.Default.StagedImport)
        ?? throw new InvalidDataException($"{Notes} is empty");

    /// <summary>The plain archive from its beginning.</summary>
    /// <param name="read">Told the share that has been read, 0–1.</param>
    public Stream OpenArchive(Action<double> read)
    {
        var file = File.OpenRead(Archive);
        var length = Math.Max(1, file.Length);
        return new ZstdDecompressStream(new ReadShareStream(file, done => read((double)done / length)), leaveOpen: false);
    }
}
