namespace Capyd;

/// <summary>OrderBy and its companions by <see cref="PlainOrder{T}"/>.</summary>
internal static class PlainOrdering
{
    public static PlainOrder<T> Order<T>(this IEnumerable<T> source, IComparer<T>? comparer = null) =>
        new(source, (comparer ?? Comparer<T>.Default).Compare);

    public static PlainOrder<T> OrderDescending<T>(this IEnumerable<T> source) =>
        new(source, static (left, right) => Comparer<T>.Default.Compare(right, left));

    public static PlainOrder<T> OrderBy<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null) =>
        new(source, Ascending(key, comparer));

    public static PlainOrder<T> OrderByDescending<T, TKey>(this IEnumerable<T> source, Func<T, TKey> key) => new(source, Descending(key));

    public static PlainOrder<T> ThenBy<T, TKey>(this PlainOrder<T> source, Func<T, TKey> key, IComparer<TKey>? comparer = null) =>
        source.Then(Ascending(key, comparer));

    public static PlainOrder<T> ThenByDescending<T, TKey>(this PlainOrder<T> source, Func<T, TKey> key) => source.Then(Descending(key));

    private static Comparison<T> Ascending<T, TKey>(Func<T, TKey> key, IComparer<TKey>? comparer) =>
        (left, right) => (comparer ?? Comparer<TKey>.Default).Compare(key(left), key(right));

    private static Comparison<T> Descending<T, TKey>(Func<T, TKey> key) =>
        (left, right) => Comparer<TKey>.Default.Compare(key(right), key(left));
}
