namespace Capyd.SystemTests.Kit;

/// <summary>A file system that is soon full, in a directory of its own.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string directory) => Directory = directory;

    public string Directory { get; }

    private string Filler => Path.Combine(Directory, "filler");

    /// <param name="size">As <c>mount</c> takes it, such as <c>16m</c>.</param>
    public static async Task<SmallDisk> CreateAsync(string size)
    {
        var disk = new SmallDisk(Machine.NewDirectory());
        (await Command.RunAsync("mount", "-t", "tmpfs", "-o", $"size={size},mode=0755", "tmpfs", disk.Directory)).Good();
        return disk;
    }

    /// <summary>Leaves no byte free.</summary>
    public Task FillAsync() => Command.RunAsync("dd", "if=/dev/zero", $"of={Filler}", "bs=4096");

    public void Free() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        (await Command.RunAsync("umount", Directory)).Good();
        System.IO.Directory.Delete(Directory);
    }
}
