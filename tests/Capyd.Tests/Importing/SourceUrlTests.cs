using Capyd.Errors;
using Capyd.Imports;

namespace Capyd.Tests.Importing;

public sealed class SourceUrlTests
{
    [Fact]
    public void A_url_is_taken_apart()
    {
        var url = SourceUrl.Parse("postgresql://us%40er:p%3A%2Fw@DB.Example.com:6432/my%20db?sslmode=verify-full&application_name=x&connect_timeout=5&channel_binding=require");
        Assert.Equal(new SourceUrl("db.example.com", 6432, "my db", "us@er", "p:/w", "verify-full", "require"), url);
    }

    [Theory]
    [InlineData("postgres://u:p@h.example.com", "u", 5432, "require")]
    [InlineData("POSTGRES://u:p@h.example.com:/", "u", 5432, "require")]
    [InlineData("  postgres://u:p@h.example.com/d  ", "d", 5432, "require")]
    [InlineData("postgres://u:p@h.example.com/d?ssl=true", "d", 5432, "require")]
    [InlineData("postgres://u:p@h.example.com/d?sslmode=disable", "d", 5432, "disable")]
    [InlineData("postgres://u:p@h.example.com/d?sslmode=verify-full&sslrootcert=system", "d", 5432, "verify-full")]
    public void What_is_left_out_has_its_usual_value(string text, string database, int port, string sslMode)
    {
        var url = SourceUrl.Parse(text);
        Assert.Equal((database, port, sslMode), (url.Database, url.Port, url.SslMode));
    }

    [Theory]
    [InlineData("postgres://u@h.example.com/d", null)]
    [InlineData("postgres://u:@h.example.com/d", "")]
    [InlineData("postgres://u:a:b#c@h.example.com/d", "a:b#c")]
    [InlineData("postgres://u:%C3%A4@h.example.com/d", "ä")]
    public void A_password_is_what_was_written(string text, string? password) => Assert.Equal(password, SourceUrl.Parse(text).Password);

    [Theory]
    [InlineData("postgres://u:p@[2001:DB8::1]:1234/d", "2001:db8::1")]
    [InlineData("postgres://u:p@8.8.8.8/d", "8.8.8.8")]
    [InlineData("postgres://u:p@h.example.com./d", "h.example.com")]
    [InlineData("postgres://u:p@bücher.example/d", "xn--bcher-kva.example")]
    public void A_host_has_one_spelling(string text, string host) => Assert.Equal(host, SourceUrl.Parse(text).Host);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("http://u:s3cr3t@h.example.com/d")]
    [InlineData("h.example.com/d")]
    [InlineData("postgres://")]
    [InlineData("postgres://h.example.com/d")]
    [InlineData("postgres://:s3cr3t@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com:0/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com:65536/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com:+1/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com:0x50/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com:5432:5433/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com,i.example.com/d")]
    [InlineData("postgres://u:s3@cr3t@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t/x@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t?x@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t%@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t%0a@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t%ff@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t%C0%AF@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t\n@h.example.com/d")]
    [InlineData("postgres://u:s3cr3t@h.example.com/d/e")]
    [InlineData("postgres://u:p@h.example.com/d?sslmode=sometimes")]
    [InlineData("postgres://u:p@h.example.com/d?sslmode=require&sslmode=disable")]
    [InlineData("postgres://u:p@h.example.com/d?sslmode")]
    [InlineData("postgres://u:p@h.example.com/d?passfile=/etc/passwd")]
    [InlineData("postgres://u:p@h.example.com/d?service=x")]
    [InlineData("postgres://u:p@h.example.com/d?sslkey=/root/.ssh/id_rsa")]
    [InlineData("postgres://u:p@h.example.com/d?sslrootcert=/etc/shadow")]
    [InlineData("postgres://u:p@h.example.com/d?options=-csearch_path%3Dx")]
    [InlineData("postgres://u:p@h.example.com/d?load_balance_hosts=random")]
    [InlineData("postgres://u:p@h.example.com/d?pgbouncer=true")]
    [InlineData("postgres://u:p@h.example.com/d?s3cr3t@h.example.com/d")]
    public void What_makes_no_sense_is_refused_without_showing_a_secret(string? text)
    {
        var refusal = Assert.Throws<CapydException>(() => SourceUrl.Parse(text));
        Assert.Equal(ErrorCode.InvalidRequest, refusal.Code);
        Assert.DoesNotContain("s3cr3t", refusal.Message + refusal.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("cr3t", refusal.Message + refusal.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://u:p@/d")]
    [InlineData("postgres://u:p@:5432/d")]
    [InlineData("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/d")]
    [InlineData("postgres://u:p@h.example.com/d?host=/var/run/postgresql")]
    [InlineData("postgres://u:p@h.example.com/d?host=127.0.0.1")]
    [InlineData("postgres://u:p@h.example.com/d?hostaddr=127.0.0.1")]
    [InlineData("postgres://u:p@0.0.0.0/d")]
    [InlineData("postgres://u:p@[::]/d")]
    [InlineData("postgres://u:p@2130706433/d")]
    [InlineData("postgres://u:p@0x7f000001/d")]
    [InlineData("postgres://u:p@0177.0.0.1/d")]
    [InlineData("postgres://u:p@127.1/d")]
    [InlineData("postgres://u:p@1.2.3.4.5/d")]
    [InlineData("postgres://u:p@256.1.1.1/d")]
    [InlineData("postgres://u:p@evil.0x1/d")]
    [InlineData("postgres://u:p@[::1/d")]
    [InlineData("postgres://u:p@[127.0.0.1]/d")]
    [InlineData("postgres://u:p@[fe80::1%25eth0]/d")]
    [InlineData("postgres://u:p@a..b/d")]
    [InlineData("postgres://u:p@-x.example.com/d")]
    [InlineData("postgres://u:p@h example.com/d")]
    [InlineData("postgres://u:p@h\\example.com/d")]
    public void A_host_that_is_none_is_not_allowed(string text) =>
        Assert.StartsWith("host is not allowed", Assert.Throws<CapydException>(() => SourceUrl.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("postgres://u:p@ep-cool-1234-pooler.eu-central-1.aws.neon.tech/d", "ep-cool-1234.eu-central-1.aws.neon.tech")]
    [InlineData("postgres://u:p@aws-0-eu.pooler.supabase.com:6543/d", "5432")]
    [InlineData("postgres://u:p@db.abc.supabase.co:6543/d", "5432")]
    public void A_pooler_is_refused_with_the_direct_way(string text, string way)
    {
        var refusal = Assert.Throws<CapydException>(() => SourceUrl.Parse(text));
        Assert.Contains("pooler", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(way, refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_pooler_of_Supabase_will_do() => Assert.Equal(5432, SourceUrl.Parse("postgres://u:p@aws-0-eu.pooler.supabase.com:5432/d").Port);

    [Fact]
    public void As_text_it_shows_no_secret() => Assert.Equal("h.example.com:5432", SourceUrl.Parse("postgres://u:p@h.example.com/d").ToString());
}
