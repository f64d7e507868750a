namespace Capyd;

/// <summary>Answers and collections of sequences, for the same reason as <see cref="PlainIterators"/>: LINQ's ask each source whether it is one of
/// its iterators, and native code then has all of those for each type of value.</summary>
internal static class PlainCollections
{
    public static bool Any<T>(this IEnumerable<T> source)
    {
        foreach (var _ in source)
        {
            return true;
        }

        return false;
    }

    public static bool Any<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (predicate(item))
            {
                return true;
            }
        }

        return false;
    }

    public static bool All<T>(this IEnumerable<T> source, Func<T, bool> predicate) => !source.Any(item => !predicate(item));

    public static int Count<T>(this IEnumerable<T> source)
    {
        var count = 0;
        foreach (var _ in source)
        {
            count++;
        }

        return count;
    }

    public static int Count<T>(this IEnumerable<T> source, Func<T, bool> predicate) => source.Where(predicate).Count();

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T First<T>(this IEnumerable<T> source)
    {
        foreach (var item in source)
        {
            return item;
        }

        throw new InvalidOperationException("there is no first one of nothing");
    }

    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static T First<T>(this IEnumerable<T> source, Func<T, bool> predicate) => source.Where(predicate).First();

    public static T[] ToArray<T>(this IEnumerable<T> source) => new List<T>(source).ToArray();

    public static HashSet<T> ToHashSet<T>(this IEnumerable<T> source, IEqualityComparer<T>? comparer = null) => new(source, comparer);

    /// <exception cref="ArgumentException">Two have one key.</exception>
    public static Dictionary<TKey, T> ToDictionary<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, T>(comparer);
        foreach (var item in source)
        {
            found.Add(key(item), item);
        }

        return found;
    }

    /// <inheritdoc cref="ToDictionary{T, TKey}(IEnumerable{T}, Func{T, TKey}, IEqualityComparer{TKey}?)"/>
    public static Dictionary<TKey, TValue> ToDictionary<T, TKey, TValue>(
        this IEnumerable<T> source, Func<T, TKey> key, Func<T, TValue> value, IEqualityComparer<TKey>? comparer = null)
        where TKey : notnull
    {
        var found = new Dictionary<TKey, TValue>(comparer);
        foreach (var item in source)
        {
            found.Add(key(item), value(item));
        }

        return found;
    }

    public static IEnumerable<T> TakeWhile<T>(this IEnumerable<T> source, Func<T, bool> predicate)
    {
        foreach (var item in source)
        {
            if (!predicate(item))
            {
                yield break;
            }

            yield return item;
        }
    }
}
