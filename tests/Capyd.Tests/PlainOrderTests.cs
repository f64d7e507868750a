namespace Capyd.Tests;

/// <summary>What stands in for LINQ's order and its companions must do as LINQ does.</summary>
public sealed class PlainOrderTests
{
    private static readonly (string Name, int Age)[] People = [("b", 2), ("a", 2), ("c", 1), ("d", 2), ("a", 1)];

    [Fact]
    public void Equals_keep_their_order() => Assert.Equal(
        Enumerable.OrderBy(People, person => person.Age), PlainOrdering.OrderBy(People, person => person.Age));

    [Fact]
    public void Later_keys_decide_among_equals() => Assert.Equal(
        Enumerable.OrderByDescending(People, person => person.Age).ThenBy(person => person.Name),
        PlainOrdering.OrderByDescending(People, person => person.Age).ThenBy(person => person.Name));

    [Fact]
    public void A_later_key_can_descend() => Assert.Equal(
        Enumerable.OrderBy(People, person => person.Age).ThenByDescending(person => person.Name),
        PlainOrdering.OrderBy(People, person => person.Age).ThenByDescending(person => person.Name));

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(9)]
    public void Skip_and_take_count_as_they_do_elsewhere(int count)
    {
        Assert.Equal(Enumerable.Skip(People, count), PlainIterators.Skip(People, count));
        Assert.Equal(Enumerable.Take(People, count), PlainIterators.Take(People, count));
    }

    [Fact]
    public void The_first_of_equals_stays() => Assert.Equal(
        ["x", "Y"], PlainIterators.Distinct(["x", "Y", "X", "y"], StringComparer.OrdinalIgnoreCase));

    [Fact]
    public void Only_what_is_of_the_type_is_given() => Assert.Equal([1, 3], PlainIterators.OfType<int>(new object?[] { 1, "2", null, 3 }));

    [Fact]
    public void Each_part_of_each_is_given_in_turn() => Assert.Equal(
        Enumerable.SelectMany(People, person => person.Name + person.Age), PlainIterators.SelectMany(People, person => person.Name + person.Age));
}
