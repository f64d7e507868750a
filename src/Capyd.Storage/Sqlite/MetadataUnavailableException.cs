namespace Capyd.Storage.Sqlite;

/// <summary>The metadata cannot be written now, and may be later: the disk is full, read-only or failing, or the file stays locked.</summary>
public sealed class MetadataUnavailableException : MetadataException
{
    internal MetadataUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
