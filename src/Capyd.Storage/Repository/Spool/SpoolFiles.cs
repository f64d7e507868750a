using System.Globalization;

namespace Capyd.Storage.Repository.Spool;

/// <summary>
/// The spool on disk: <c>objects/NAME</c> waits to be stored remotely, <c>gone/NAME</c> to be removed there, <c>aside/NAME</c> could
/// not be stored because the remote has other bytes under the name. Of a name that is in both, the removal is the older one.
/// </summary>
internal sealed class SpoolFiles(string root, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(5);
    private readonly SemaphoreSlim _changes = new(1, 1);

    public DirectoryObjectStore Objects { get; } = new(Path.Combine(root, "objects"));

    public DirectoryObjectStore Gone { get; } = new(Path.Combine(root, "gone"));

    public DirectoryObjectStore Aside { get; } = new(Path.Combine(root, "aside"));

    /// <summary>A cache of what the remote has.</summary>
    public string Catalogue => Path.Combine(root, "remote.db");

    public string ShipperLock => Path.Combine(root, "shipper.lock");

    public string Root => root;

    /// <summary>The removal is durable before the object goes, so that a copy that is being sent now is removed, too.</summary>
    public Task RemoveAsync(ObjectName name, CancellationToken ct) => ChangeAsync(
        async () =>
        {
            await Gone.WriteAsync(name, static (_, _) => Task.CompletedTask, ct);
            await Objects.DeleteAsync(name, ct);
        },
        ct);

    /// <summary>The remote has the object. What was removed meanwhile, and perhaps written anew, stays.</summary>
    public Task ShippedAsync(ObjectName name, CancellationToken ct) => UnlessGoneAsync(name, () => Objects.DeleteAsync(name, ct), ct);

    /// <summary>The remote has other bytes under the name.</summary>
    public Task PutAsideAsync(ObjectName name, CancellationToken ct) => UnlessGoneAsync(
        name,
        async () =>
        {
            var stamp = clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
            await using (var source = await Objects.OpenReadAsync(name, ct))
            {
                await Aside.WriteAsync(ObjectName.Parse($"{stamp}/{name}"), (target, token) => source.CopyToAsync(target, token), ct);
            }

            await Objects.DeleteAsync(name, ct);
        },
        ct);

    public void Dispose() => _changes.Dispose();

    public int RemoveHalfWritten() => Objects.RemoveHalfWritten() + Gone.RemoveHalfWritten() + Aside.RemoveHalfWritten();

    private Task UnlessGoneAsync(ObjectName name, Func<Task> work, CancellationToken ct) => ChangeAsync(
        async () =>
        {
            if (!await Gone.ExistsAsync(name, ct))
            {
                await work();
            }
        },
        ct);

    // Held for the length of a rename or two, also by other processes.
    private async Task ChangeAsync(Func<Task> work, CancellationToken ct)
    {
        await _changes.WaitAsync(ct);
        try
        {
            DurableFile.CreateDirectory(root);
            using var file = NativeFile.OpenForLocking(Path.Combine(root, "changes.lock"));
            while (!NativeFile.TryLock(file, exclusive: true))
            {
                await Task.Delay(BetweenTries, clock, ct);
            }

            await work();
        }
        finally
        {
            _changes.Release();
        }
    }
}
