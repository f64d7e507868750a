using Capyd.Storage.Repository;
using Capyd.Storage.Repository.Spool;

namespace Capyd.Storage.Tests.Spool;

/// <summary>A spool, and a store behind it.</summary>
internal sealed class SpoolBench : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public SpoolBench(long limitBytes = 0)
    {
        Far = new FarStore(FarRoot);
        Settings = new SpoolSettings(Root) { LimitBytes = limitBytes, Patience = TimeSpan.Zero, RestAfterFailure = TimeSpan.Zero };
        Store = Open();
    }

    public FarStore Far { get; }

    public SpoolSettings Settings { get; }

    public SpooledObjectStore Store { get; private set; }

    public string Root => _directory["spool"];

    public string FarRoot => _directory["far"];

    /// <summary>As a process that takes over after a kill: nothing but the disk is left.</summary>
    public void Reopen()
    {
        Store.Dispose();
        Store = Open();
    }

    public Task PutAsync(string name, string text) => PutAsync(name, System.Text.Encoding.UTF8.GetBytes(text));

    public Task PutAsync(string name, byte[] bytes) =>
        Store.WriteAsync(ObjectName.Parse(name), (stream, ct) => stream.WriteAsync(bytes, ct).AsTask(), default);

    public Task DeleteAsync(string name) => Store.DeleteAsync(ObjectName.Parse(name), default);

    public Task<bool> ExistsAsync(string name) => Store.ExistsAsync(ObjectName.Parse(name), default);

    public async Task<string> ReadAsync(string name)
    {
        using var reader = new StreamReader(await Store.OpenReadAsync(ObjectName.Parse(name), default));
        return await reader.ReadToEndAsync();
    }

    public async Task<List<string>> ListAsync(string prefix = "")
    {
        var names = new List<string>();
        await foreach (var found in Store.ListAsync(prefix, default))
        {
            names.Add(found.Name.ToString());
        }

        return names;
    }

    /// <summary>Until nothing waits.</summary>
    public async Task ShipAsync()
    {
        while (await Store.Shipper.ShipSomeAsync(default))
        {
        }
    }

    /// <summary>What lies at the far end, without asking anybody.</summary>
    public string[] AtTheFarEnd() => FilesBelow(FarRoot);

    public string[] InTheSpool() => FilesBelow(Path.Combine(Root, "objects"));

    public string[] ToBeRemoved() => FilesBelow(Path.Combine(Root, "gone"));

    public void Dispose()
    {
        Store.Dispose();
        _directory.Dispose();
    }

    private static string[] FilesBelow(string root) => Directory.Exists(root)
        ? [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file)).Order(StringComparer.Ordinal)]
        : [];

    private SpooledObjectStore Open() => new(Settings, _ => Task.FromResult<IObjectStore>(Far), TimeProvider.System);
}
