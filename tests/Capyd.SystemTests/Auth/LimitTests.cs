using System.Globalization;

namespace Capyd.SystemTests.Auth;

public sealed class LimitTests() : OwnDaemon(("CAPYD_LIMITS_REQUESTS_PER_MINUTE", "40"), ("CAPYD_LIMITS_FAILED_LOGINS_PER_MINUTE", "5"))
{
    [SystemFact]
    public async Task Too_many_requests_of_one_key_and_too_many_wrong_keys_are_turned_away_for_a_while()
    {
        using var client = await Daemon.ClientAsync();
        using var other = await Daemon.ClientAsync();
        RequireRetryAfter(await RepeatUntilLimitedAsync(client, 81));
        (await other.GetAsync("/v1/me")).Expect(200);

        using var wrong = new ApiClient(Daemon.Address, "capy_live_" + new string('z', 40));
        RequireRetryAfter(await RepeatUntilLimitedAsync(wrong, 11));
    }

    [SystemFact]
    public async Task Nobody_begins_logins_without_end()
    {
        using var anybody = new ApiClient(Daemon.Address, null);
        var replies = new List<Reply>();
        for (var i = 0; i < 11; i++)
        {
            replies.Add(await anybody.PostAsync("/v1/cli/login/sessions"));
        }

        Assert.Contains(replies, reply => reply.Status == 429);
        Assert.InRange(replies.Count(reply => reply.Status == 201), 5, 10);
        Assert.All(replies.Where(reply => reply.Status == 429), RequireRetryAfter);
    }

    /// <summary>The limit counts in whole minutes, so that a turn of the minute may give one more share.</summary>
    private static async Task<Reply> RepeatUntilLimitedAsync(ApiClient client, int most)
    {
        for (var i = 0; i < most; i++)
        {
            if (await client.GetAsync("/v1/me") is { Status: 429 } limited)
            {
                return limited;
            }
        }

        throw new Xunit.Sdk.XunitException($"{most} requests and none was refused");
    }

    private static void RequireRetryAfter(Reply reply)
    {
        Assert.Equal("rate_limited", reply.Json.Text("code"));
        Assert.InRange(int.Parse(reply.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
    }
}
