using System.Globalization;
using Capyd.Postgres.Dumps;
using Capyd.Postgres.Tools;

namespace Capyd.Postgres.Tests.Dumps;

public sealed class StagedSpaceTests
{
    private const int Mebibyte = 1 << 20;

    [Fact]
    public async Task What_was_loaded_takes_no_space_any_more_and_the_rest_stays()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, [.. Enumerable.Repeat((byte)'x', 8 * Mebibyte)]);
        var before = await AllocatedAsync(path);

        using (var space = new StagedSpace(File.OpenHandle(path, FileMode.Open, FileAccess.Write)))
        {
            space.Free(new ArchiveBlock(7, Mebibyte + 10, 4 * Mebibyte));
        }

        var after = await AllocatedAsync(path);
        var content = await File.ReadAllBytesAsync(path);
        File.Delete(path);
        Assert.Equal(8 * Mebibyte, content.Length);
        Assert.Equal([Mebibyte + 10, 5 * Mebibyte + 10], [Array.IndexOf(content, (byte)0), Array.LastIndexOf(content, (byte)0) + 1]);
        Assert.InRange(before - after, 4 * Mebibyte - 8192, 4 * Mebibyte);
    }

    /// <summary>Bytes on the disk, once they are there.</summary>
    private static async Task<long> AllocatedAsync(string path)
    {
        var runner = new ToolRunner(TimeProvider.System);
        var sync = new ToolCommand("/usr/bin/sync", [path]);
        (await runner.RunAsync(sync, new ToolStreams(), CancellationToken.None)).EnsureSuccess(sync);
        var outcome = await runner.RunAsync(new ToolCommand("/usr/bin/stat", ["--format=%b", path]), new ToolStreams(), CancellationToken.None);
        return 512 * long.Parse(outcome.StdoutTail.Trim(), CultureInfo.InvariantCulture);
    }
}
