namespace Capyd.Storage.Tests.Ids;

public sealed class IdTests
{
    [Fact]
    public void A_new_id_reads_back_as_itself()
    {
        var id = ProjectId.New();

        Assert.Matches("^prj_[a-z2-7]{20}$", id.ToString());
        Assert.Equal(id, ProjectId.Parse(id.ToString()));
        Assert.Equal(id.ToString(), "prj_" + id.Random);
        Assert.NotEqual(id, ProjectId.New());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("prj_")]
    [InlineData("job_aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("prj-aaaaaaaaaaaaaaaaaaaa")]
    [InlineData("prj_aaaaaaaaaaaaaaaaaaa")]
    [InlineData("prj_aaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("prj_AAAAAAAAAAAAAAAAAAAA")]
    [InlineData("prj_aaaaaaaaaaaaaaaaaaa1")]
    [InlineData("prj_aaaaaaaaaaaaaaaaaaa/")]
    public void Anything_but_the_canonical_form_is_refused(string? text) =>
        Assert.False(ProjectId.TryParse(text, out _));

    [Fact]
    public void The_refusal_says_which_form_is_wanted() =>
        Assert.Contains("prj_", Assert.Throws<FormatException>(() => ProjectId.Parse("shop")).Message, StringComparison.Ordinal);

    [Fact]
    public void An_unassigned_id_never_becomes_text() =>
        Assert.Throws<InvalidOperationException>(() => default(JobId).ToString());
}
