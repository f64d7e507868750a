using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Capyd.Storage.Ids;

/// <summary>An identifier such as <c>prj_k3v5…</c>: a prefix that names the kind, and 100 random bits.</summary>
[SuppressMessage("Design", "CA1000", Justification = "IParsable asks for static members.")]
public readonly record struct Id<TKind> : IParsable<Id<TKind>>
    where TKind : IIdKind
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);
    private const int RandomLength = 20;

    private readonly string? _random;

    private Id(string random) => _random = random;

    /// <summary>The 20 characters after the prefix; lower case, safe in names of databases and files.</summary>
    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names nothing.</exception>
    public string Random => _random
        ?? throw new InvalidOperationException($"An empty {TKind.Prefix} id has no text; it was never assigned.");

    public static Id<TKind> New() => new(RandomNumberGenerator.GetString(Alphabet, RandomLength));

    /// <exception cref="FormatException">The text is not the canonical form of this kind of id.</exception>
    public static Id<TKind> Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException(
            $"'{text}' is not an id of the form {TKind.Prefix}_ followed by {RandomLength} characters of a-z and 2-7.");

    public static bool TryParse(string? text, out Id<TKind> id)
    {
        id = default;
        var prefix = TKind.Prefix;
        if (text is null || text.Length != prefix.Length + 1 + RandomLength)
        {
            return false;
        }

        var random = text.AsSpan(prefix.Length + 1);
        if (!text.StartsWith(prefix, StringComparison.Ordinal) || text[prefix.Length] != '_'
            || random.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        id = new Id<TKind>(random.ToString());
        return true;
    }

    static Id<TKind> IParsable<Id<TKind>>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Id<TKind>>.TryParse(string? s, IFormatProvider? provider, out Id<TKind> result) =>
        TryParse(s, out result);

    /// <exception cref="InvalidOperationException">This is <c>default</c>, which names nothing.</exception>
    public override string ToString() => $"{TKind.Prefix}_{Random}";
}
