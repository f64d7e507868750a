namespace Capyd.Storage.Sqlite;

/// <summary>The metadata database refused or failed; the message says what to do next.</summary>
public class MetadataException : Exception
{
    public MetadataException(string message)
        : base(message)
    {
    }

    public MetadataException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
