using Capyd.Wal;

namespace Capyd.Repository;

/// <summary>One of several copies of the same thing, of which some end earlier.</summary>
internal static class LongestStream
{
    /// <returns>Null when there is none. Of two that differ before either ends, the first.</returns>
    public static async Task<Stream?> OpenAsync(IReadOnlyList<Func<Task<Stream?>>> sources, CancellationToken cancellation)
    {
        Func<Task<Stream?>>? longest = null;
        foreach (var source in sources)
        {
            if (await IsLongerAsync(longest, source, cancellation))
            {
                longest = source;
            }
        }

        return longest is null ? null : await longest();
    }

    private static async Task<bool> IsLongerAsync(Func<Task<Stream?>>? than, Func<Task<Stream?>> source, CancellationToken cancellation)
    {
        await using var content = await source();
        await using var other = content is null || than is null ? null : await than();
        return content is not null && (other is null || await StreamComparison.CompareAsync(other, content, cancellation) == StreamDifference.SecondGoesOn);
    }
}
