namespace Capyd.Postgres.Wal;

/// <summary>Proves that a history file is one before it is archived for good.</summary>
internal static class HistoryCheck
{
    private const int Longest = 1 << 20;

    /// <exception cref="WalRejectedException">It is damaged, or longer than 1 MiB.</exception>
    public static async Task ReadAsync(WalFileName name, Stream content, CancellationToken cancellationToken)
    {
        if (name.Kind != WalFileKind.TimelineHistory)
        {
            return;
        }

        if (content.Length is 0 or > Longest)
        {
            throw new WalRejectedException(name.Text, "it is empty or far too long for a timeline history.");
        }

        using var reader = new StreamReader(content, leaveOpen: true);
        try
        {
            TimelineHistory.Parse(name.Timeline, await reader.ReadToEndAsync(cancellationToken));
        }
        catch (FormatException e)
        {
            throw new WalRejectedException(name.Text, e.Message);
        }
    }
}
