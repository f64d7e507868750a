namespace Capyd.Storage.Repository.Chunks;

/// <summary>Something that was stored is missing or altered; the message names it.</summary>
public sealed class RepositoryDamagedException(string message, Exception? inner = null) : Exception(message, inner);
