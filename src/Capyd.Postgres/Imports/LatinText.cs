using System.Text;

namespace Capyd.Postgres.Imports;

/// <summary>Text that was carried as Latin-1 to keep its bytes, made readable again.</summary>
internal static class LatinText
{
    private const int Longest = 600;

    public static string ToReadable(string carried) => Flat(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(carried)));

    /// <summary>One line without control characters: what a stranger wrote goes into messages and logs.</summary>
    public static string Flat(string text)
    {
        var flat = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var c in text)
        {
            if (flat.Length == Longest)
            {
                return flat.Append('…').ToString();
            }

            flat.Append(char.IsControl(c) ? ' ' : c);
        }

        return flat.ToString().Trim();
    }
}
