namespace Capyd.SystemTests.Kit;

/// <summary>capyd's own rows, read and bent with the <c>sqlite3</c> program, beside a running daemon or without one.</summary>
public sealed class Metadata(string file)
{
    public string File { get; } = file;

    /// <summary>The first column of each row.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(string sql) =>
        (await Command.RunAsync("sqlite3", "-cmd", ".timeout 10000", File, sql)).Good().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async Task<string?> OneAsync(string sql) => (await ListAsync(sql)).SingleOrDefault();

    public async Task ExecuteAsync(string sql) => await ListAsync(sql);
}
