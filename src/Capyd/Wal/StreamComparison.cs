namespace Capyd.Wal;

/// <summary>Reads two files side by side.</summary>
internal static class StreamComparison
{
    private const int Piece = 1 << 18;

    /// <summary>One that is shorter counts as filled up with zeros.</summary>
    public static async Task<StreamDifference> CompareAsync(Stream first, Stream second, CancellationToken cancellation)
    {
        var (left, right) = (new byte[Piece], new byte[Piece]);
        var result = StreamDifference.None;
        while (result != StreamDifference.Apart)
        {
            var read = Math.Max(await FillAsync(first, left, cancellation), await FillAsync(second, right, cancellation));
            if (read == 0)
            {
                break;
            }

            result = Judge(result, left.AsSpan(0, read), right.AsSpan(0, read));
        }

        return result;
    }

    private static StreamDifference Judge(StreamDifference before, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var same = before == StreamDifference.None ? first.CommonPrefixLength(second) : 0;
        if (same == first.Length)
        {
            return before;
        }

        var (firstEnds, secondEnds) = (!first[same..].ContainsAnyExcept((byte)0), !second[same..].ContainsAnyExcept((byte)0));
        return (before, firstEnds, secondEnds) switch
        {
            (_, true, true) => before,
            (not StreamDifference.SecondGoesOn, false, true) => StreamDifference.FirstGoesOn,
            (not StreamDifference.FirstGoesOn, true, false) => StreamDifference.SecondGoesOn,
            _ => StreamDifference.Apart,
        };
    }

    private static async Task<int> FillAsync(Stream stream, byte[] buffer, CancellationToken cancellation)
    {
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        buffer.AsSpan(read).Clear();
        return read;
    }
}
