using Capyd.Limits;

namespace Capyd.Tests.Limits;

public sealed class StoragePolicyTests
{
    [Theory]
    [InlineData(false, 99, "None")]
    [InlineData(false, 100, "Hold")]
    [InlineData(false, 250, "Hold")]
    [InlineData(true, 100, "None")]
    [InlineData(true, 95, "None")]
    [InlineData(true, 94, "Release")]
    public void A_full_database_is_held_and_let_go_when_there_is_room(bool onHold, long size, string expected) =>
        Assert.Equal(expected, StoragePolicy.Next(onHold, size, 100).ToString());
}
