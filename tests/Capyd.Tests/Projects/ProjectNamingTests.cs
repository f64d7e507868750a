using Capyd.Errors;
using Capyd.Projects;
using ProjectId = Capyd.Storage.Ids.Id<Capyd.Storage.Ids.ProjectKind>;

namespace Capyd.Tests.Projects;

public sealed class ProjectNamingTests
{
    [Theory]
    [InlineData("Shop", "shop")]
    [InlineData("My Shop  2", "my-shop-2")]
    [InlineData("  -- a.b_c -- ", "a-b-c")]
    [InlineData("x'; DROP DATABASE y; --", "x-drop-database-y")]
    public void A_slug_is_the_name_in_lower_case_with_dashes_for_blanks(string name, string slug) =>
        Assert.Equal(slug, ProjectNaming.DerivedSlug(name, ProjectId.New()));

    [Fact]
    public void A_name_without_a_usable_letter_still_gets_a_slug() =>
        Assert.StartsWith("project-", ProjectNaming.DerivedSlug("カピバラ", ProjectId.New()), StringComparison.Ordinal);

    [Theory]
    [InlineData(null)]
    [InlineData("   ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    public void A_name_that_is_none_is_refused(string? name) =>
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Throws<CapydException>(() => ProjectNaming.Name(name)).Code);

    [Theory]
    [InlineData("Shop")]
    [InlineData("-shop")]
    [InlineData("a b")]
    [InlineData("../../etc")]
    public void A_given_slug_has_to_be_one(string slug) => Assert.Throws<CapydException>(() => ProjectNaming.GivenSlug(slug));

    [Fact]
    public void A_database_name_fits_into_what_postgres_keeps_of_a_name()
    {
        var name = ProjectNaming.DatabaseName(new string('a', 63), ProjectId.New().Random);
        Assert.True(name.Length <= 63);
        Assert.Matches("^[a-z0-9_]+$", name);
    }
}
