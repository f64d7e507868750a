using Capyd.Postgres.Cluster;
using Capyd.Postgres.Dumps;

namespace Capyd.Postgres.Tests.Dumps;

public sealed class ArchiveListTests
{
    [Theory]
    [InlineData("10; 1259 16400 TABLE public extension capyd", true)]
    [InlineData("11; 3079 16400 EXTENSION - citext ", false)]
    [InlineData("12; 0 0 COMMENT - EXTENSION citext ", false)]
    [InlineData("13; 2615 2200 SCHEMA - public owner", false)]
    [InlineData("14; 0 0 COMMENT - SCHEMA public owner", false)]
    [InlineData("15; 0 0 ACL - SCHEMA public owner", false)]
    [InlineData("16; 2615 2201 SCHEMA - publicity owner", true)]
    [InlineData("17; 3466 1 EVENT TRIGGER - evt capyd", false)]
    [InlineData("18; 6104 1 PUBLICATION - everything capyd", false)]
    [InlineData("19; 6104 1 PUBLICATION - some capyd", true)]
    [InlineData("20; 0 0 COMMENT - PUBLICATION everything capyd", false)]
    [InlineData("21; 826 1 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES owner", true)]
    [InlineData("22; 826 1 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES other", false)]
    [InlineData("23; 0 16400 TABLE DATA public t capyd", true)]
    [InlineData("; a comment", false)]
    public void Only_what_an_ordinary_role_may_make_is_restored(string line, bool restored) =>
        Assert.Equal(restored ? line + "\n" : "\n", new ArchiveList(Empty(), "owner").Choose(line));

    private static Inventory Empty() => new()
    {
        Database = "d",
        ServerVersion = 150000,
        TakenAt = DateTimeOffset.UnixEpoch,
        Locale = new DatabaseLocale("UTF8", "C", "C", "libc", null),
        Relations = [],
        Sequences = [],
        Extensions = [],
        LargeObjects = new InventoryLargeObjects(0, ""),
        Schemas = ["public"],
        SchemaObjects = [],
        SchemaFingerprint = "",
        Properties = new InventoryProperties(null, [], null, -1),
        Skipped = [new InventorySkipped("publication", "everything", "everything")],
    };
}
