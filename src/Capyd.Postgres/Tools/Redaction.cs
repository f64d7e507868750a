namespace Capyd.Postgres.Tools;

/// <summary>Takes secrets out of text.</summary>
internal sealed class Redaction(IReadOnlyList<string> secrets)
{
    private readonly string[] _secrets = [.. secrets.Where(static s => s.Length > 0).OrderByDescending(static s => s.Length)];

    public string Apply(string text) =>
        _secrets.Aggregate(text, static (left, secret) => left.Replace(secret, "***", StringComparison.Ordinal));
}
