namespace Capyd.Tests;

/// <summary>They answer as LINQ's do.</summary>
public sealed class PlainCollectionsTests
{
    private static readonly int[] Some = [3, 1, 2];
    private static readonly int[] None = [];

    [Fact]
    public void Questions_about_none_some_and_all()
    {
        Assert.True(Some.Any() && Some.Any(n => n == 2) && Some.All(n => n > 0));
        Assert.False(None.Any() || Some.Any(n => n == 4) || Some.All(n => n > 1));
        Assert.True(None.All(n => n > 9));
        Assert.Equal((3, 2, 0), (Some.Count(), Some.Count(n => n > 1), None.Count()));
    }

    [Fact]
    public void The_first_one_is_there_or_it_is_an_error()
    {
        Assert.Equal((3, 1), (Some.First(), Some.First(n => n < 3)));
        Assert.Throws<InvalidOperationException>(() => None.First());
        Assert.Throws<InvalidOperationException>(() => Some.First(n => n > 3));
    }

    [Fact]
    public void Dictionaries_refuse_a_key_that_comes_twice()
    {
        Assert.Equal("1,2,3", string.Join(',', Some.ToDictionary(n => $"{n}", n => n * n).Keys.Order()));
        Assert.Throws<ArgumentException>(() => Some.ToDictionary(n => n % 2));
        Assert.Throws<ArgumentException>(() => new[] { "a", "A" }.ToDictionary(name => name, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Taking_ends_at_the_first_that_is_not_wanted()
    {
        Assert.Equal([3], Some.TakeWhile(n => n > 1).ToArray());
        Assert.Equal(3, new[] { 1, 2, 2, 3 }.ToHashSet().Count);
    }
}
