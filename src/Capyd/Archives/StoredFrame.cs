using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>A frame where it lies.</summary>
/// <param name="Ends">The byte of the stored archive after its last one.</param>
internal sealed record StoredFrame(ObjectName Archive, ArchiveFrame Frame, long Ends);
