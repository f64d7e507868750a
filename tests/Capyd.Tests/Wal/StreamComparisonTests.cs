using Capyd.Wal;

namespace Capyd.Tests.Wal;

public sealed class StreamComparisonTests
{
    [Theory]
    [InlineData(5, 5, nameof(StreamDifference.None))]
    [InlineData(300_000, 5, nameof(StreamDifference.FirstGoesOn))]
    [InlineData(5, 300_000, nameof(StreamDifference.SecondGoesOn))]
    public async Task Files_that_hold_the_same_up_to_zeros_are_beginnings_of_each_other(int first, int second, string expected) =>
        Assert.Equal(expected, (await StreamComparison.CompareAsync(Filled(first), Filled(second), CancellationToken.None)).ToString());

    [Fact]
    public async Task Files_that_hold_different_things_are_apart()
    {
        var other = Filled(400_000);
        other.GetBuffer()[100] = 99;
        Assert.Equal(StreamDifference.Apart, await StreamComparison.CompareAsync(Filled(400_000), other, CancellationToken.None));
    }

    [Fact]
    public async Task One_that_is_shorter_counts_as_filled_with_zeros() =>
        Assert.Equal(StreamDifference.None, await StreamComparison.CompareAsync(new MemoryStream([1, 2, 0, 0]), new MemoryStream([1, 2]), CancellationToken.None));

    private static MemoryStream Filled(int bytes)
    {
        var content = new byte[600_000];
        for (var at = 0; at < bytes; at++)
        {
            content[at] = (byte)((at % 250) + 1);
        }

        return new MemoryStream(content, 0, content.Length, writable: true, publiclyVisible: true);
    }
}
