using Capyd.Errors;
using Capyd.Extensions;
using Capyd.Postgres.Extensions;

namespace Capyd.Tests.Extensions;

public sealed class ExtensionCatalogTests
{
    private static readonly string[] Categories = ["core", "ai", "search", "performance", "security", "analytics", "geospatial", "scheduling", "devtools"];

    [Theory]
    [InlineData("pg_stat_statements", false)]
    [InlineData("pgcrypto", true)]
    [InlineData("uuid-ossp", true)]
    [InlineData("citext", true)]
    [InlineData("hstore", true)]
    [InlineData("pg_trgm", true)]
    [InlineData("vector", true)]
    [InlineData("postgis", false)]
    [InlineData("unaccent", true)]
    [InlineData("ltree", true)]
    [InlineData("fuzzystrmatch", true)]
    [InlineData("btree_gin", true)]
    [InlineData("btree_gist", true)]
    public void Each_extension_of_the_contract_is_allowed(string name, bool trusted) => Assert.Equal(trusted, ExtensionCatalog.Find(name)?.Trusted);

    [Theory]
    [InlineData("plpgsql")]
    [InlineData("dblink")]
    [InlineData("postgres_fdw")]
    [InlineData("file_fdw")]
    [InlineData("adminpack")]
    [InlineData("plpython3u")]
    [InlineData("pg_cron")]
    [InlineData("CITEXT")]
    [InlineData("citext\0")]
    [InlineData("")]
    public void What_reaches_out_of_the_database_or_is_no_name_is_not(string name) => Assert.False(ExtensionCatalog.IsAllowed(name));

    [Fact]
    public void The_list_is_sorted_described_and_of_known_categories()
    {
        Assert.Equal(ExtensionCatalog.All.Select(e => e.Name).Order(StringComparer.Ordinal), ExtensionCatalog.All.Select(e => e.Name));
        Assert.All(ExtensionCatalog.All, extension =>
        {
            Assert.Contains(extension.Category, Categories);
            Assert.NotEmpty(extension.Description);
        });
    }

    [Fact]
    public void A_refusal_says_what_would_mend_it()
    {
        var survey = Survey(["auto_explain"], "pgaudit");
        Assert.StartsWith("its operator can: apt install postgresql-15-pgvector ", Refusal(survey, "vector").Hint, StringComparison.Ordinal);
        Assert.Contains("shared_preload_libraries = auto_explain, pgaudit;", Refusal(survey, "pgaudit").Hint, StringComparison.Ordinal);
        Assert.Same(ErrorCode.WrongState, Refusal(survey, "pgaudit").Code);
        Survey(["auto_explain", "pgaudit"], "pgaudit").RequireEnableable(ExtensionCatalog.Find("pgaudit")!);
    }

    [Fact]
    public void A_restart_is_said_to_be_needed_only_while_it_is()
    {
        var pgaudit = ExtensionCatalog.Find("pgaudit")!;
        Assert.True(Survey([], "pgaudit").Present(pgaudit).RequiresRestart);
        Assert.False(Survey(["pgaudit"], "pgaudit").Present(pgaudit).RequiresRestart);
    }

    private static CapydException Refusal(ExtensionSurvey survey, string name) =>
        Assert.Throws<CapydException>(() => survey.RequireEnableable(ExtensionCatalog.Find(name)!));

    private static ExtensionSurvey Survey(string[] libraries, params string[] offered) =>
        new(15, offered.ToDictionary(name => name, name => new HostExtension(name, "1.0", null, false)), libraries);
}
