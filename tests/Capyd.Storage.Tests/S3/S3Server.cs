using System.Diagnostics;
using System.Globalization;
using Capyd.Storage.Repository.S3;

namespace Capyd.Storage.Tests.S3;

/// <summary>A real S3 server (Ceph's gateway) of scripts/s3-server.sh, gone after the tests.</summary>
public sealed class S3Server : IAsyncLifetime
{
    public const string AccessKey = "capyd-test";
    public const string SecretKey = "capyd-test-secret";

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"capyd-s3-{Guid.NewGuid():N}");

    public Uri Endpoint { get; private set; } = new("http://unset");

    public async Task InitializeAsync() => Endpoint = new Uri(await RunAsync("start"));

    public Task DisposeAsync() => RunAsync("stop");

    /// <returns>The name of a new, empty bucket.</returns>
    public async Task<string> NewBucketAsync()
    {
        var name = $"b{Guid.NewGuid():N}";
        await RunAsync("bucket", name);
        return name;
    }

    /// <summary>Kill -9, in the midst of whatever it does.</summary>
    public void KillGateway()
    {
        var pid = File.ReadAllText(Path.Combine(_directory, "run", "client.admin.pid")).Trim();
        using var gateway = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
        gateway.Kill();
        gateway.WaitForExit();
    }

    /// <summary>Uploads in parts that were begun and neither completed nor aborted, by key.</summary>
    public async Task<IReadOnlyList<string>> UnfinishedUploadsAsync(string bucket)
    {
        using var store = new S3ObjectStore(new S3Settings(Endpoint, bucket, new S3Credentials(AccessKey, SecretKey)) { AllowHttp = true }, TimeProvider.System);
        return await store.UnfinishedUploadsAsync(default);
    }

    public Task StartGatewayAsync() => RunAsync("gateway");

    private async Task<string> RunAsync(string verb, params string[] more)
    {
        var info = new ProcessStartInfo(Path.Combine(RepositoryRoot(), "scripts", "s3-server.sh"), [verb, _directory, .. more])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["S3_SERVER_OWNER"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        using var script = Process.Start(info) ?? throw new InvalidOperationException("scripts/s3-server.sh did not start");
        var errors = script.StandardError.ReadToEndAsync();
        var output = await script.StandardOutput.ReadToEndAsync();
        await script.WaitForExitAsync();
        return script.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"s3-server.sh {verb}: {await errors}");
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "capyd.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("capyd.sln was not found above the tests");
        }

        return directory.FullName;
    }
}
