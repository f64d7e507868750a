namespace Capyd.Postgres.Imports;

/// <summary>Counts what was loaded and keeps what was left out.</summary>
internal sealed class ImportTally
{
    private const int LongestName = 200;

    private readonly SortedDictionary<string, int> _loaded = new(StringComparer.Ordinal);
    private readonly HashSet<ImportSkipped> _skipped = [];
    private TocEntry? _last;

    public int Objects { get; private set; }

    public int SkippedCount { get; private set; }

    public IReadOnlyDictionary<string, int> Loaded => _loaded;

    public IReadOnlyList<ImportSkipped> Skipped => [.. _skipped];

    /// <summary>Several statements can make one object; only those that make something count.</summary>
    public void Load(ScriptStatement statement)
    {
        if (statement.Entry is { } entry ? ReferenceEquals(entry, _last) : !statement.Begins("CREATE"))
        {
            return;
        }

        _last = statement.Entry;
        var type = ScriptFilter.TypeOf(statement);
        _loaded[type] = _loaded.GetValueOrDefault(type) + 1;
        Objects++;
    }

    public void Skip(string type, string name, string reason)
    {
        var skipped = new ImportSkipped(type, name.Length > LongestName ? name[..LongestName] : name, reason);
        if (_skipped.Count >= ImportReport.MaxSkipped || _skipped.Add(skipped))
        {
            SkippedCount++;
        }
    }
}
