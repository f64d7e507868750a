namespace Capyd.SystemTests.Faults;

/// <summary>What must not be there when no job is under way.</summary>
public static class Leftovers
{
    private const int Patience = 15;

    public static async Task NoneAsync(FaultGround ground)
    {
        await EmptyAsync("jobs under way", () => ground.Daemon.Metadata.ListAsync("SELECT id || ' ' || state FROM jobs WHERE state IN ('pending', 'running')"));
        await EmptyAsync("work databases", () => ground.Superuser.ListAsync("postgres", @"SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_build\_%'"));
        await EmptyAsync("loader roles", () => ground.Superuser.ListAsync("postgres", @"SELECT rolname FROM pg_roles WHERE rolname LIKE 'capyd\_loader\_%' OR rolname LIKE 'capyd\_build\_%'"));
        await EmptyAsync("sessions of jobs", () => ground.Superuser.ListAsync("postgres", "SELECT application_name || ' ' || left(query, 80) FROM pg_stat_activity WHERE application_name LIKE 'capyd:job%'"));
        await EmptyAsync("staged files", () => FilesAsync(Path.Combine(ground.Daemon.DataDirectory, "staging"), ""));
        await EmptyAsync("directories of imports", () => FilesAsync(Path.Combine(ground.Daemon.DataDirectory, "imports"), ""));
        await EmptyAsync("half-written objects", () => FilesAsync(ground.Daemon.Repository, ".tmp-"));
        await EmptyAsync("archives without manifest", () => LonelyArchivesAsync(ground));
        Assert.Equal(
            await ground.Daemon.Metadata.ListAsync("SELECT database_name FROM parked_databases ORDER BY 1"),
            await ground.Superuser.ListAsync("postgres", """SELECT datname FROM pg_database WHERE datname LIKE 'capyd\_parked\_%' ORDER BY datname COLLATE "C" """));
    }

    private static async Task EmptyAsync(string what, Func<Task<IReadOnlyList<string>>> find)
    {
        IReadOnlyList<string> found = [];
        try
        {
            await Until.TrueAsync($"no {what}", async () => (found = await find()).Count == 0, Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{what} left over: {string.Join(", ", found)}");
        }
    }

    private static Task<IReadOnlyList<string>> FilesAsync(string directory, string part) => Task.FromResult<IReadOnlyList<string>>(
        Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file).Contains(part, StringComparison.Ordinal)).ToList());

    private static Task<IReadOnlyList<string>> LonelyArchivesAsync(FaultGround ground) => Task.FromResult<IReadOnlyList<string>>(
        Directory.EnumerateFiles(ground.Daemon.Repository, "*.dump.zst", SearchOption.AllDirectories).Where(file => !File.Exists(file + ".json")).ToList());
}
