using Capyd.Storage.Repository.S3;
using Capyd.Storage.Tests.S3;

namespace Capyd.SystemTests.OffHost;

/// <summary>An embedded daemon whose repository is an encrypted bucket of a real S3 server.</summary>
public sealed class OffHostGround : IAsyncLifetime
{
    private readonly string _secrets = Machine.NewDirectory();
    private CapydDaemon? _daemon;

    public S3Server Server { get; } = new();

    public string Bucket { get; private set; } = "";

    public CapydDaemon Daemon => _daemon!;

    public ApiClient Api { get; private set; } = null!;

    public string KeyFile => Path.Combine(_secrets, "repository.key");

    public string CredentialsFile => Path.Combine(_secrets, "credentials");

    /// <summary>As <c>capyd recover</c> takes it.</summary>
    public string Address => $"{Server.Endpoint.GetLeftPart(UriPartial.Authority)}/{Bucket}/main";

    public string Spool => Path.Combine(Daemon.DataDirectory, "repository-spool");

    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        if (Machine.Skips)
        {
            return;
        }

        await Server.InitializeAsync();
        Bucket = await Server.NewBucketAsync();
        WriteSecret(CredentialsFile, $"[default]\naws_access_key_id = {S3Server.AccessKey}\naws_secret_access_key = {S3Server.SecretKey}\n");
        WriteSecret(KeyFile, new string('a', 60) + "0123\n");
        Environment = new Dictionary<string, string>
        {
            ["CAPYD_REPOSITORY_S3_ENDPOINT"] = Server.Endpoint.GetLeftPart(UriPartial.Authority), ["CAPYD_REPOSITORY_S3_BUCKET"] = Bucket, ["CAPYD_REPOSITORY_S3_PREFIX"] = "main",
            ["CAPYD_REPOSITORY_S3_ALLOW_HTTP"] = "true", ["CAPYD_REPOSITORY_S3_CREDENTIALS_FILE"] = CredentialsFile,
            ["CAPYD_REPOSITORY_ENCRYPTION_KEY_FILE"] = KeyFile,
        };
        _daemon = CapydDaemon.Embedded(
            Machine.NewDirectory(),
            [.. Environment.Select(pair => (pair.Key, pair.Value)), ("CAPYD_PITR_ENABLED", "true"), ("CAPYD_REPOSITORY_S3_GROWING_WAL_SECONDS", "1"), ("CAPYD_ALERTS_UNREACHABLE_AFTER", "1")]);
        await Daemon.StartAsync();
        Api = await Daemon.ClientAsync();
    }

    public async Task DisposeAsync()
    {
        Api?.Dispose();
        if (_daemon is not null)
        {
            await _daemon.DisposeAsync();
            await Server.DisposeAsync();
        }

        Directory.Delete(_secrets, recursive: true);
    }

    /// <summary>A file with a secret that only its owner reads; its path.</summary>
    public string Secret(string name, string text)
    {
        var path = Path.Combine(_secrets, name);
        WriteSecret(path, text);
        return path;
    }

    /// <summary>A command with the same repository as the daemon's.</summary>
    public Task<CommandResult> CommandAsync(params string[] arguments) =>
        Command.RunAsync(Machine.Binary, Environment, [.. arguments, "--data-dir", Daemon.DataDirectory]);

    /// <summary>Objects that are only on this host, by name.</summary>
    public IReadOnlyList<string> Waiting()
    {
        var objects = Path.Combine(Spool, "objects");
        return Directory.Exists(objects)
            ? [.. Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(objects, file)).Where(file => !file.Contains(".tmp-", StringComparison.Ordinal))]
            : [];
    }

    /// <summary>A project with some MiB that do not compress, so that its dump is sent in parts; its id.</summary>
    public async Task<string> NewLargeProjectAsync(string name, int megabytes)
    {
        var project = await Api.NewProjectAsync(name);
        await Tenant.ExecuteAsync(await Api.UrlAsync(project), $"""
            CREATE TABLE noise AS SELECT m, (SELECT string_agg(sha512((m::bigint * 100000 + n)::text::bytea), ''::bytea) FROM generate_series(1, 16384) n) AS bytes
            FROM generate_series(1, {megabytes}) m;
            """);
        return project;
    }

    /// <summary>Whatever was sent is in the bucket once and whole, and nothing that was begun is left.</summary>
    public async Task EverythingIsThereAsync()
    {
        (await CommandAsync("repository", "flush")).Good();
        await UntilNothingWaitsAsync();
        (await CommandAsync("repository", "check", "--read-data")).Good();
        Assert.Empty(await Server.UnfinishedUploadsAsync(Bucket));
        Assert.False(Directory.Exists(Path.Combine(Spool, "aside")) && Directory.EnumerateFiles(Path.Combine(Spool, "aside"), "*", SearchOption.AllDirectories).Any());
    }

    public Task UntilNothingWaitsAsync() => Until.TrueAsync("everything is in the bucket", () => Task.FromResult(Waiting().Count == 0), 120);

    /// <summary>Ends the segment of WAL that is being written; its name.</summary>
    public async Task<string> SwitchWalAsync()
    {
        var sql = EmbeddedData.Superuser(Daemon.DataDirectory);
        var segment = (await sql.OneAsync("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())"))!;
        await sql.ExecuteAsync("postgres", "SELECT pg_switch_wal()");
        return segment;
    }

    /// <summary>Every object as whoever has the bucket sees it.</summary>
    public async Task<IReadOnlyList<(string Name, byte[] Bytes)>> ReadBucketAsync(string prefix = "")
    {
        using var store = new S3ObjectStore(
            new S3Settings(Server.Endpoint, Bucket, new S3Credentials(S3Server.AccessKey, S3Server.SecretKey)) { Prefix = "main", AllowHttp = true }, TimeProvider.System);
        var all = new List<(string, byte[])>();
        await foreach (var found in store.ListAsync(prefix, default))
        {
            await using var stream = await store.OpenReadAsync(found.Name, default);
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            all.Add((found.Name.ToString(), bytes.ToArray()));
        }

        return all;
    }

    /// <summary>The names of the objects that begin so.</summary>
    public async Task<IReadOnlyList<string>> ListBucketAsync(string prefix)
    {
        using var store = new S3ObjectStore(
            new S3Settings(Server.Endpoint, Bucket, new S3Credentials(S3Server.AccessKey, S3Server.SecretKey)) { Prefix = "main", AllowHttp = true }, TimeProvider.System);
        var names = new List<string>();
        await foreach (var found in store.ListAsync(prefix, default))
        {
            names.Add(found.Name.ToString());
        }

        return names;
    }

    private static void WriteSecret(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
