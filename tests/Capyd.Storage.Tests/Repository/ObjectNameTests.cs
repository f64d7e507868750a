using Capyd.Storage.Repository;

namespace Capyd.Storage.Tests.Repository;

public sealed class ObjectNameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("wal/00000001/000000010000000A/000000010000000A000000FF.zst")]
    [InlineData("backups/prj_abc/2026-11-21T12.00.00Z-bkp.dump.zst")]
    public void Good_names_read_back(string text) => Assert.Equal(text, ObjectName.Parse(text).ToString());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    [InlineData("ä")]
    [InlineData("a/.tmp-1")]
    public void Names_that_could_lead_elsewhere_are_refused(string? text) =>
        Assert.False(ObjectName.TryParse(text, out _));

    [Fact]
    public void A_name_has_a_longest_length()
    {
        Assert.True(ObjectName.TryParse(new string('a', 512), out _));
        Assert.False(ObjectName.TryParse(new string('a', 513), out _));
    }
}
