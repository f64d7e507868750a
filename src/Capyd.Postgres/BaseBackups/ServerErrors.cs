namespace Capyd.Postgres.BaseBackups;

/// <summary>Reads from an error of the server what kind of failure it is.</summary>
internal static class ServerErrors
{
    public const int NoticesQuoted = 20;

    private const int Quoted = 5;

    public static BaseBackupFailedException From(Dictionary<char, string> error, IReadOnlyList<string> notices)
    {
        var state = error.GetValueOrDefault('C', "");
        var message = error.GetValueOrDefault('M', "");
        var kind = Classify(state, message);
        var hint = kind switch
        {
            BaseBackupFailure.DamagedPages => Damage(notices),
            BaseBackupFailure.Refused => " Let the OS user in by a line of pg_hba.conf such as \"local replication all peer\", and see max_wal_senders.",
            _ => error.TryGetValue('H', out var given) ? $" {given}" : "",
        };
        return new BaseBackupFailedException($"The server ended the base backup: {message} (SQLSTATE {state}).{hint}", kind);
    }

    /// <param name="pages">Pages that capyd found to be damaged.</param>
    public static BaseBackupFailedException Damaged(long pages, IReadOnlyList<string> places) =>
        new($"{pages} of the pages that were read do not match their checksums.{Damage(places)}", BaseBackupFailure.DamagedPages);

    private static string Damage(IReadOnlyList<string> places) =>
        $" The live data is damaged, and no base backup is taken of it: {string.Join("; ", places.Take(Quoted))}. "
        + "Look for the relations by pg_amcheck and restore them from the last good backup.";

    private static BaseBackupFailure Classify(string state, string message) => state switch
    {
        "XX001" => BaseBackupFailure.DamagedPages,
        _ when message.Contains("checksum verification failure", StringComparison.Ordinal) => BaseBackupFailure.DamagedPages,
        ['2', '8', ..] or "42501" => BaseBackupFailure.Refused,
        ['5', '3', ..] or ['5', '7', ..] or "55006" or "55000" => BaseBackupFailure.ServerBusy,
        _ => BaseBackupFailure.Other,
    };
}
