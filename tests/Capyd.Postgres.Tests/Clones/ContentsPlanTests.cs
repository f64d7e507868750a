using Capyd.Postgres.Clones;

namespace Capyd.Postgres.Tests.Clones;

public sealed class ContentsPlanTests
{
    private const string Contents =
        """
        215; 1259 16386 TABLE public t owner
        3321; 0 16386 TABLE DATA public t owner
        3172; 2606 16393 CONSTRAINT public t t_pkey owner
        3174; 2606 16398 FK CONSTRAINT public child child_parent_fkey owner
        3173; 1259 16394 INDEX public t_v owner
        3175; 0 0 INDEX ATTACH public p_1 owner
        """;

    [Fact]
    public void What_is_taken_is_not_in_the_rest_and_both_keep_their_order()
    {
        var plan = new ContentsPlan(Contents);
        var taken = plan.Take([new ArchiveEntry(1259, 16394), new ArchiveEntry(2606, 16393), new ArchiveEntry(1259, 999)]);
        Assert.Equal("3172; 2606 16393 CONSTRAINT public t t_pkey owner\n3173; 1259 16394 INDEX public t_v owner\n", taken);
        Assert.Equal(
            "215; 1259 16386 TABLE public t owner\n3321; 0 16386 TABLE DATA public t owner\n"
            + "3174; 2606 16398 FK CONSTRAINT public child child_parent_fkey owner\n3175; 0 0 INDEX ATTACH public p_1 owner\n",
            plan.Rest);
    }

    [Fact]
    public void Only_indexes_and_keys_can_be_taken()
    {
        var plan = new ContentsPlan(Contents);
        Assert.Equal("", plan.Take([new ArchiveEntry(1259, 16386), new ArchiveEntry(2606, 16398)]));
        Assert.Equal(Contents + "\n", plan.Rest);
    }
}
