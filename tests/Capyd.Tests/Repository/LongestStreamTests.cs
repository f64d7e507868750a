using System.Text;
using Capyd.Repository;

namespace Capyd.Tests.Repository;

public sealed class LongestStreamTests
{
    [Theory]
    [InlineData("abc", "ab", "abcd", "abcd")]
    [InlineData("abcd", "ab", null, "abcd")]
    [InlineData(null, "ab", "ab", "ab")]
    [InlineData("ab", "abc\0\0\0", "ab\0\0", "abc\0\0\0")]
    [InlineData("axx", "abcdef", null, "axx")]
    public async Task The_copy_that_goes_on_farthest_is_read_and_of_two_that_differ_the_first(string? first, string? second, string? third, string expected)
    {
        await using var longest = await LongestStream.OpenAsync([Of(first), Of(second), Of(third)], default);

        using var reader = new StreamReader(longest!);
        Assert.Equal(expected, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task Of_nothing_there_is_nothing() => Assert.Null(await LongestStream.OpenAsync([Of(null), Of(null)], default));

    private static Func<Task<Stream?>> Of(string? text) => () => Task.FromResult<Stream?>(text is null ? null : new MemoryStream(Encoding.ASCII.GetBytes(text)));
}
