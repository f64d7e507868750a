namespace Capyd.Storage.Sqlite;

/// <summary>Guarded changes of a row's state; false when it is missing or in none of the expected states.</summary>
internal static class StateChange
{
    public static bool ChangeState(
        this MetadataTransaction transaction, string table, string id, IReadOnlyList<string> expected, string state, DateTimeOffset at) => transaction.ChangeOne(
            $"UPDATE {table} SET state = @state, updated_at = @at WHERE id = @id AND state IN (SELECT value FROM json_each(@expected))",
            ("id", id), ("expected", TextArray.Write(expected)), ("state", state), ("at", at));

    /// <summary>The same, and what went wrong; null clears it.</summary>
    public static bool ChangeState(
        this MetadataTransaction transaction, string table, string id, IReadOnlyList<string> expected, string state, DateTimeOffset at, string? lastError) =>
        transaction.ChangeOne(
            $"""
            UPDATE {table} SET state = @state, last_error = @lastError, updated_at = @at
            WHERE id = @id AND state IN (SELECT value FROM json_each(@expected))
            """,
            ("id", id), ("expected", TextArray.Write(expected)), ("state", state), ("lastError", lastError), ("at", at));
}
