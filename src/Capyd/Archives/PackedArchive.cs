namespace Capyd.Archives;

/// <summary>What was stored of a dump.</summary>
/// <param name="Sha256">Of all its bytes, in lower-case hexadecimal digits.</param>
internal sealed record PackedArchive(long Size, string Sha256, IReadOnlyList<ArchiveFrame> Frames);
