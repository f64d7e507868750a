using System.Collections;

namespace Capyd;

/// <summary>A sequence in order; equals keep theirs. It stands in for LINQ's, for the reason that <see cref="PlainIterators"/> gives:
/// what is sorted here are numbers, so that native code has one sort and not one for each type.</summary>
internal sealed class PlainOrder<T>(IEnumerable<T> source, Comparison<T> comparison) : IEnumerable<T>
{
    public PlainOrder<T> Then(Comparison<T> next) => new(
        source,
        (left, right) => comparison(left, right) is var first and not 0 ? first : next(left, right));

    public IEnumerator<T> GetEnumerator()
    {
        var items = source.ToArray();
        var places = new int[items.Length];
        for (var place = 0; place < places.Length; place++)
        {
            places[place] = place;
        }

        Array.Sort(places, (left, right) => comparison(items[left], items[right]) is var order and not 0 ? order : left.CompareTo(right));
        foreach (var place in places)
        {
            yield return items[place];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
