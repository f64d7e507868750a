namespace Capyd.Wal;

/// <summary>The restore_command of a server that capyd recovers: capyd again, which asks the running one for each file.</summary>
internal static class FetchCommand
{
    /// <param name="socket">Where the WAL is served.</param>
    /// <returns>For the shell; PostgreSQL puts names in for %f and %p.</returns>
    public static string Through(string socket) => $"exec {Quoted(Environment.ProcessPath!)} wal fetch --socket {Quoted(socket)} %f %p";

    /// <summary>What is ready already is copied: the start of this program alone takes longer.</summary>
    /// <param name="ready">Where segments are made ready.</param>
    /// <inheritdoc cref="Through(string)"/>
    public static string Through(string socket, string ready) => $"cp {Quoted(ready)}/%f %p 2>/dev/null || {Through(socket)}";

    /// <summary>% is doubled, since PostgreSQL reads it first.</summary>
    private static string Quoted(string path) =>
        $"'{path.Replace("'", "'\\''", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal)}'";
}
