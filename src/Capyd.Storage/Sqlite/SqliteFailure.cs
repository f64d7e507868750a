using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Capyd.Storage.Sqlite;

/// <summary>Turns the provider's errors into ours, so that no store names the provider.</summary>
internal static class SqliteFailure
{
    public static MetadataException Translate(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        SQLITE_CONSTRAINT => new ConstraintViolationException(
            error.Message,
            error.SqliteExtendedErrorCode is SQLITE_CONSTRAINT_UNIQUE or SQLITE_CONSTRAINT_PRIMARYKEY,
            error),
        SQLITE_CORRUPT or SQLITE_NOTADB => new MetadataCorruptException(path, error.Message, error),
        SQLITE_BUSY or SQLITE_LOCKED => new MetadataUnavailableException(
            $"The metadata database {path} stayed locked by another process for "
            + $"{SessionConnection.BusyTimeoutSeconds} s. Try again; if it stays so, look for a hanging capyd command.",
            error),
        SQLITE_FULL => new MetadataUnavailableException(
            $"The disk that holds the metadata database {path} is full. Free some space; nothing of this change was kept.",
            error),
        SQLITE_IOERR or SQLITE_READONLY or SQLITE_CANTOPEN => new MetadataUnavailableException(
            $"The metadata database {path} cannot be written: {error.Message}. Check the file system; nothing of this change was kept.",
            error),
        _ => new MetadataException($"The metadata database {path} failed: {error.Message}", error),
    };
}
