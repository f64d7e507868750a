namespace Capyd;

/// <summary>
/// Select and its companions as one iterator each (order is kept by PlainOrder). LINQ's own Select is seven of them for each pair of types, and a virtual method
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

    public static IEnumerable<T> Prepend<T>(this IEnumerable<T> source, T first)
    {
        yield return first;
        foreach (var item in source)
        {
            yield return item;
        }
    }

    public static IEnumerable<TResult> SelectMany<TSource, TResult>(this IEnumerable<TSource> source, Func<TSource, IEnumerable<TResult>> selector)
    {
        foreach (var item in source)
        {
            foreach (var inner in selector(item))
            {
                yield return inner;
            }
        }
    }

    public static IEnumerable<T> Skip<T>(this IEnumerable<T> source, int count)
    {
        foreach (var item in source)
        {
            if (count > 0)
            {
                count--;
            }
            else
            {
                yield return item;
            }
        }
    }

    public static IEnumerable<T> Take<T>(this IEnumerable<T> source, int count)
    {
        if (count <= 0)
        {
            yield break;
        }

        foreach (var item in source)
        {
            yield return item;
            if (--count == 0)
            {
                yield break;
            }
        }
    }

    public static IEnumerable<T> Distinct<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null)
    {
        var seen = new HashSet<T>(comparer);
        foreach (var item in source)
        {
            if (seen.Add(item))
            {
                yield return item;
            }
        }
    }

    public static IEnumerable<T> OfType<T>(this System.Collections.IEnumerable source)
    {
        foreach (var item in source)
        {
            if (item is T wanted)
            {
                yield return wanted;
            }
        }
    }

    public static T? FirstOrDefault<T>(this IEnumerable<T> source)
    {
        foreach (var item in source)
        {
            return item;
        }

        return default;
    }

    public static T? FirstOrDefault<T>(this IEnumerable<T> source, Func<T, bool> predicate) => source.Where(predicate).FirstOrDefault();

    public static T? LastOrDefault<T>(this IEnumerable<T> source)
    {
        if (source is IReadOnlyList<T> list)
        {
            return list.Count > 0 ? list[^1] : default;
        }

        T? last = default;
        foreach (var item in source)
        {
            last = item;
        }

        return last;
    }

    public static List<T> ToList<T>(this IEnumerable<T> source) => new(source);
}
