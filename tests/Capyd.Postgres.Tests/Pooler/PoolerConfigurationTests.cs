using Capyd.Postgres.Cluster;
using Capyd.Postgres.Pooler;

namespace Capyd.Postgres.Tests.Pooler;

public sealed class PoolerConfigurationTests
{
    private static readonly ClusterEndpoint Server = new("/run/x", 5433, "capyd");

    [Theory]
    [InlineData("shop_1a2b", true)]
    [InlineData("Shop-1.x", true)]
    [InlineData("a=b", false)]
    [InlineData("a\"b", false)]
    [InlineData("a'b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("*", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\n", false)]
    [InlineData("pgbouncer", false)]
    public void Only_what_pgbouncer_can_name_is_possible(string name, bool possible)
    {
        Assert.Equal(possible, PooledDatabase.IsPossible(DatabaseName.Parse(name), RoleName.Parse("fine")));
        Assert.Equal(possible, PooledDatabase.IsPossible(DatabaseName.Parse("fine"), RoleName.Parse(name)));
    }

    [Fact]
    public void Each_role_is_let_into_its_own_database_and_the_order_does_not_matter()
    {
        PooledDatabase[] databases = [New("b", "rb"), New("a", "ra")];
        Assert.Equal(
            "a = host='127.0.0.1' port=5433 dbname='a' pool_size=5\nb = host='127.0.0.1' port=5433 dbname='b' pool_size=5\n",
            PoolerConfiguration.Databases(Server, databases));
        Assert.Equal("\"ra\" \"SCRAM-x\"\n\"rb\" \"SCRAM-x\"\n", PoolerConfiguration.Users(databases));
        Assert.Equal(4, PoolerConfiguration.Access(databases).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(PoolerConfiguration.Access(databases), PoolerConfiguration.Access([databases[1], databases[0]]));
    }

    [Fact]
    public void A_verifier_is_not_in_the_text_of_a_pooled_database() => Assert.Equal("a for ra", New("a", "ra").ToString());

    private static PooledDatabase New(string name, string role) => new(DatabaseName.Parse(name), RoleName.Parse(role), "SCRAM-x", 5);
}
