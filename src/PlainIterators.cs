namespace Capyd;

/// <summary>
/// Select and its companions as one iterator each. LINQ's own Select is seven of them for each pair of types, and a virtual method
/// joins every source of LINQ's with every result: for tuples and other values, of which native code has a copy each, that was a
/// tenth of the binary. Found before LINQ's, because it is in a namespace around all of ours.
/// </summary>
internal static class PlainIterators
{
    public static IEnumerable<TResult> Select<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, TResult> selector)
    {
        foreach (var item in source)
        {
            yield return selector(item);
        }
    }

    public static IEnumerable<T> Where<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (predicate(item))
            {
                yield return item;
            }
        }
    }

    public static IEnumerable<T> Append<T>(this IEnumerable<T> source, T last)
    {
        foreach (var item in source)
        {
            yield return item;
        }

        yield return last;
    }

    public static IEnumerable<T> Concat<T>(this IEnumerable<T> source, IEnumerable<T> others)
    {
        foreach (var item in source)
        {
            yield return item;
        }

        foreach (var item in others)
        {
            yield return item;
        }
    }
}
