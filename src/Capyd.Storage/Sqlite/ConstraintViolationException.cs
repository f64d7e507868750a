namespace Capyd.Storage.Sqlite;

/// <summary>The schema refused a row; nothing of the transaction was kept.</summary>
public sealed class ConstraintViolationException : MetadataException
{
    internal ConstraintViolationException(string message, bool isUniqueness, Exception inner)
        : base(message, inner) => IsUniqueness = isUniqueness;

    /// <summary>True when the row collides with another one, false when the row itself is impossible.</summary>
    public bool IsUniqueness { get; }
}
