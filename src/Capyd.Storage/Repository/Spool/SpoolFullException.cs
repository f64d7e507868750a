namespace Capyd.Storage.Repository.Spool;

/// <summary>What waits for the remote store has taken all the room that it may take; it may pass.</summary>
public sealed class SpoolFullException(string message) : IOException(message);
