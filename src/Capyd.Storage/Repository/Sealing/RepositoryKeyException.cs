namespace Capyd.Storage.Repository.Sealing;

/// <summary>The key at hand does not fit the repository, or there is none; the message says what to do.</summary>
public sealed class RepositoryKeyException(string message, Exception? inner = null) : Exception(message, inner);
