using System.Diagnostics;
using System.Globalization;
using Capyd.Postgres.Wal;
using Capyd.Wal;

namespace Capyd.Tests.Wal;

public sealed class WaitingSegmentsTests : IDisposable
{
    private const string Name = "00000001000000000000000A";
    private static readonly WalSegmentSize Size = new(16 << 20);

    /// <summary>Beside the tests, on a disk: what lies in memory only cannot leave it.</summary>
    private readonly string _directory = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"spool-{Guid.NewGuid():n}")).FullName;

    [Fact]
    public void A_segment_that_waits_leaves_the_memory_and_stays_on_the_disk()
    {
        var path = Path.Combine(_directory, Name);
        using (var file = File.Create(path))
        {
            file.Write(new byte[Size.Bytes]);
            file.Flush(flushToDisk: true);
        }

        Assert.Equal(Size.Bytes, InMemory(path));
        new WaitingSegments(_directory, Size).Release(SpoolLook.At(_directory, Size));

        Assert.Equal(0, InMemory(path));
        Assert.Equal(Size.Bytes, File.ReadAllBytes(path).Length);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static long InMemory(string path)
    {
        using var fincore = Process.Start(new ProcessStartInfo("fincore", ["--bytes", "--noheadings", "--output", "RES", path]) { RedirectStandardOutput = true })!;
        var text = fincore.StandardOutput.ReadToEnd();
        fincore.WaitForExit();
        return long.Parse(text.Trim(), CultureInfo.InvariantCulture);
    }
}
