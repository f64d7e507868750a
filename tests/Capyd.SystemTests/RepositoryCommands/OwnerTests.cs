namespace Capyd.SystemTests.RepositoryCommands;

/// <summary>The daemon of the package is not root; whoever repairs something with sudo is.</summary>
public sealed class OwnerTests
{
    [SystemTheory]
    [InlineData("repository", "key", "init")]
    [InlineData("keys", "create", "--name", "by-root")]
    public async Task What_root_has_commands_write_into_the_data_directory_belongs_to_its_owner(params string[] command)
    {
        var directory = Machine.NewDirectory();
        var key = Path.Combine(directory, "repository.key");
        await File.WriteAllTextAsync(key, new string('a', 64) + "\n");
        (await Command.RunAsync("chmod", "0600", key)).Good();
        (await Command.RunAsync("chown", "-R", "postgres:postgres", directory)).Good();

        var environment = new Dictionary<string, string> { ["CAPYD_REPOSITORY_ENCRYPTION_KEY_FILE"] = key };
        (await Command.RunAsync(Machine.Binary, environment, [.. command, "--data-dir", directory])).Good();

        var written = (await Command.RunAsync("find", directory, "-mindepth", "1", "-type", "f", "-not", "-name", "repository.key")).Good();
        var ofOthers = (await Command.RunAsync("find", directory, "(", "-not", "-user", "postgres", "-o", "-not", "-group", "postgres", ")")).Good();
        Directory.Delete(directory, recursive: true);
        Assert.NotEmpty(written);
        Assert.Empty(ofOthers);
    }

    [SystemFact]
    public async Task A_key_file_that_the_owner_cannot_read_is_refused_though_root_could()
    {
        var (directory, secrets) = (Machine.NewDirectory(), Machine.NewDirectory());
        var key = Path.Combine(secrets, "repository.key");
        await File.WriteAllTextAsync(key, new string('a', 64) + "\n");
        (await Command.RunAsync("chmod", "0600", key)).Good();
        (await Command.RunAsync("chown", "postgres:postgres", directory)).Good();

        var environment = new Dictionary<string, string> { ["CAPYD_REPOSITORY_ENCRYPTION_KEY_FILE"] = key };
        var answer = await Command.RunAsync(Machine.Binary, environment, "repository", "key", "init", "--data-dir", directory);
        Directory.Delete(directory, recursive: true);
        Directory.Delete(secrets, recursive: true);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"'{key}' is denied", answer.Errors, StringComparison.Ordinal);
    }

    [SystemFact]
    public async Task The_doctor_names_what_waits_for_the_bucket_and_cannot_be_read_by_the_owner()
    {
        var directory = Machine.NewDirectory();
        var waiting = Path.Combine(directory, "repository-spool", "objects", "keys", "one.json");
        Directory.CreateDirectory(Path.GetDirectoryName(waiting)!);
        await File.WriteAllTextAsync(waiting, "{}");
        (await Command.RunAsync("chown", "-R", "postgres:postgres", directory)).Good();
        var environment = new Dictionary<string, string>
        {
            ["CAPYD_REPOSITORY_S3_ENDPOINT"] = "http://127.0.0.1:9", ["CAPYD_REPOSITORY_S3_ALLOW_HTTP"] = "true", ["CAPYD_REPOSITORY_S3_BUCKET"] = "example",
            ["CAPYD_REPOSITORY_S3_CREDENTIALS_FILE"] = Path.Combine(directory, "none"),
        };
        Assert.Matches("pass +repository spool +1 objects", (await DoctorAsync()).Output);

        (await Command.RunAsync("chown", "root:root", waiting)).Good();
        (await Command.RunAsync("chmod", "0600", waiting)).Good();
        var answer = await DoctorAsync();
        Directory.Delete(directory, recursive: true);
        Assert.Equal(1, answer.ExitCode);
        Assert.Matches("(?i)fail +repository spool +.*one.json", answer.Output);
        Assert.Contains($"> chown -R --reference={directory} ", answer.Output, StringComparison.Ordinal);

        Task<CommandResult> DoctorAsync() => Command.RunAsync(Machine.Binary, environment, "doctor", "--local", "--data-dir", directory);
    }
}
