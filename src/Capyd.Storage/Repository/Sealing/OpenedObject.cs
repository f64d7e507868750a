namespace Capyd.Storage.Repository.Sealing;

/// <summary>What random access needs to know of an object.</summary>
/// <param name="Header">Null when the object lies there plain.</param>
/// <param name="Size">In plain bytes.</param>
internal sealed record OpenedObject(byte[]? Header, long Size);
