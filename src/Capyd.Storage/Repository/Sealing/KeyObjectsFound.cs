namespace Capyd.Storage.Repository.Sealing;

/// <summary>What lies below <c>keys/</c>.</summary>
/// <param name="Wraps">Of each data key, the newest first.</param>
/// <param name="PlainBefore">The sealed list of plain objects; null when there is none.</param>
internal sealed record KeyObjectsFound(Dictionary<DataKeyId, List<WrappedKey>> Wraps, byte[]? PlainBefore);
