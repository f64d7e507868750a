namespace Capyd.SystemTests.Kit;

/// <summary>A cluster that is made once and copied for whoever wants a new one: making it takes most of a second of a processor. Copies
/// have one system identifier; who needs another cluster than that makes one.</summary>
/// <param name="make">Makes it below a directory, and leaves it stopped; returns the cluster's own directory.</param>
internal sealed class ClusterTemplate(Func<string, Task<string>> make)
{
    private readonly Lazy<Task<string>> _made = new(() => MakeAsync(make));

    /// <param name="data">Where the copy shall be; it does not exist.</param>
    public async Task CopyAsync(string data) => (await Command.RunAsync("cp", "-a", await _made.Value, data)).Good();

    private static Task<string> MakeAsync(Func<string, Task<string>> make)
    {
        var root = Machine.NewDirectory();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(root, recursive: true);
        return make(root);
    }
}
