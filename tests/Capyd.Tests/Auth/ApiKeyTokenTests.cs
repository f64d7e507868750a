using Capyd.Auth;

namespace Capyd.Tests.Auth;

public sealed class ApiKeyTokenTests
{
    [Fact]
    public void A_new_key_shows_fourteen_characters_and_never_prints_the_rest()
    {
        var token = ApiKeyToken.New();
        Assert.Equal(14, token.Shown.Length);
        Assert.DoesNotContain(token.Plaintext[15..], token.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(token.Plaintext, ApiKeyToken.New().Plaintext);
    }

    [Theory]
    [InlineData("")]
    [InlineData("capy_test_0123456789")]
    [InlineData("capy_live_")]
    public void What_is_no_key_is_not_looked_up(string text) => Assert.Null(ApiKeyToken.Parse(text));
}
