using Capyd.Previews;

namespace Capyd.Tests.Previews;

public sealed class PreviewNamesTests
{
    [Fact]
    public void A_name_is_two_words()
    {
        var random = new Random(7);
        Assert.All(Enumerable.Range(0, 200), _ => Assert.Matches("^[a-z]+-[a-z]+$", PreviewNames.Pick(random, new HashSet<string>())));
    }

    [Fact]
    public void A_name_is_never_one_that_is_taken()
    {
        var taken = new HashSet<string>();
        var random = new Random(7);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(taken.Add(PreviewNames.Pick(random, taken))));
    }

    [Fact]
    public void When_the_words_do_not_help_a_number_does()
    {
        var taken = new HashSet<string> { "agile-alpaca" };
        Assert.Equal("agile-alpaca-2", PreviewNames.Pick(new AlwaysFirst(), taken));
        taken.Add("agile-alpaca-2");
        Assert.Equal("agile-alpaca-3", PreviewNames.Pick(new AlwaysFirst(), taken));
    }

    private sealed class AlwaysFirst : Random
    {
        public override int Next(int maxValue) => 0;
    }
}
