using System.Globalization;
using System.Text;

namespace Capyd.Repository;

/// <summary>What the repository holds; sizes in bytes.</summary>
/// <param name="LogicalBytes">The plain sizes of all base backups together.</param>
/// <param name="PlainBytes">Every piece counted once.</param>
/// <param name="StoredBytes">What the packs take.</param>
internal sealed record StatsReport(
    int BaseBackups, long LogicalBytes, long PlainBytes, long StoredBytes, int Packs, long Chunks, StatsShare Wal, StatsShare Backups, StatsShare Exports, StatsShare Metadata, long FreeBytes)
{
    public static async Task<StatsReport> ReadAsync(KeptRepository repository, CancellationToken cancellation)
    {
        var chunks = await repository.Chunks.StatsAsync(cancellation);
        return new StatsReport(
            chunks.Backups, chunks.LogicalBytes, chunks.PlainBytes, chunks.StoredBytes, chunks.Packs, chunks.Chunks,
            await ShareAsync(repository, "wal/", cancellation), await ShareAsync(repository, "backups/", cancellation),
            await ShareAsync(repository, "exports/", cancellation), await ShareAsync(repository, "metadata/", cancellation),
            await repository.Objects.FreeBytesAsync(cancellation));
    }

    public string Text()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"base backups  {BaseBackups}, {ByteText.Of(LogicalBytes)} to restore, {ByteText.Of(StoredBytes)} stored in {Packs} packs of {Chunks} pieces");
        text.AppendLine($"WAL           {Wal}");
        text.AppendLine($"backups       {Backups}");
        text.AppendLine($"exports       {Exports}");
        text.AppendLine($"metadata      {Metadata}");
        return text.Append($"free          {ByteText.Of(FreeBytes)}").ToString();
    }

    private static async Task<StatsShare> ShareAsync(KeptRepository repository, string prefix, CancellationToken cancellation)
    {
        var (files, bytes) = (0, 0L);
        await foreach (var found in repository.Objects.ListAsync(prefix, cancellation))
        {
            (files, bytes) = (files + 1, bytes + found.Size);
        }

        return new StatsShare(files, bytes);
    }
}

internal sealed record StatsShare(int Files, long Bytes)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Files} files, {ByteText.Of(Bytes)}");
}
