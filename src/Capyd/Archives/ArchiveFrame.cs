using Capyd.Postgres.Dumps;

namespace Capyd.Archives;

/// <summary>A zstd frame of an archive, which can be unpacked by itself. The frames one after the other are the archive.</summary>
/// <param name="StoredAt">Where it begins, in bytes of the stored archive.</param>
/// <param name="PlainAt">Where its content begins in the plain archive: at 0, or where a table's data begins.</param>
/// <param name="Sha256">Of its stored bytes, in lower-case hexadecimal digits.</param>
internal sealed record ArchiveFrame(long StoredAt, long PlainAt, string Sha256)
{
    /// <summary>What it holds, at places of the plain archive; null when that is not known.</summary>
    public IReadOnlyList<ArchiveBlock>? Blocks { get; init; }
}
