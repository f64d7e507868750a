using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tests.Cluster;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("a\"b'; drop --")]
    [InlineData("日本語")]
    [InlineData("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk")]
    public void Whatever_PostgreSQL_takes_is_a_name(string text)
    {
        Assert.Equal(text, DatabaseName.Parse(text).ToString());
        Assert.Equal(RoleName.Parse(text), RoleName.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("日本語日本語日本語日本語日本語日本語日本語日")]
    public void Empty_long_and_NUL_are_no_names(string text)
    {
        Assert.False(DatabaseName.TryParse(text, out _));
        Assert.Throws<FormatException>(() => RoleName.Parse(text));
    }

    [Theory]
    [InlineData("0/16B3748", 0x16B3748UL)]
    [InlineData("1A/0", 0x1A00000000UL)]
    public void A_WAL_position_reads_and_writes_itself(string text, ulong position)
    {
        Assert.Equal(new Lsn(position), Lsn.Parse(text));
        Assert.Equal(text, Lsn.Parse(text).ToString());
        Assert.True(Lsn.Parse(text) > Lsn.Parse("0/1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("16B3748")]
    [InlineData("0/")]
    [InlineData("0/-1")]
    [InlineData("0/123456789")]
    public void Other_text_is_no_WAL_position(string text) => Assert.False(Lsn.TryParse(text, out _));

    [Fact]
    public void A_password_does_not_print_itself() => Assert.DoesNotContain("geheim", $"{new Password("geheim")}", StringComparison.Ordinal);

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("o'clock", "'o''clock'")]
    [InlineData("back\\slash'", " E'back\\\\slash'''")]
    public void A_literal_is_quoted(string text, string expected) => Assert.Equal(expected, SqlIdentifier.Literal(text));

    [Theory]
    [InlineData("search_path", "\"$user\", public", "ALTER DATABASE \"d\" SET \"search_path\" TO '$user', 'public'")]
    [InlineData("search_path", "", "ALTER DATABASE \"d\" SET \"search_path\" TO ''")]
    [InlineData("work_mem", "4MB", "ALTER DATABASE \"d\" SET \"work_mem\" TO '4MB'")]
    [InlineData("app.tenant", "x", "ALTER DATABASE \"d\" SET \"app\".\"tenant\" TO 'x'")]
    public void A_setting_becomes_a_statement(string name, string value, string expected) =>
        Assert.Equal(expected, new DatabaseSetting(null, name, value).Statement(DatabaseName.Parse("d")));

    [Fact]
    public void A_setting_with_a_strange_name_is_refused() =>
        Assert.Throws<PostgresFailedException>(() => new DatabaseSetting(null, "a; drop", "x").Statement(DatabaseName.Parse("d")));
}
