using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>The little of XML that S3's answers need: elements by name, without attributes of interest, never nested in their like.</summary>
internal static class S3Xml
{
    /// <summary>The text of the first element of that name, decoded; null if there is none.</summary>
    public static string? Value(string xml, string element)
    {
        foreach (var content in Elements(xml, element))
        {
            return WebUtility.HtmlDecode(content);
        }

        return null;
    }

    /// <summary>What is inside of each element of that name, as it stands.</summary>
    public static IEnumerable<string> Elements(string xml, string element)
    {
        var opening = "<" + element;
        var closing = "</" + element + ">";
        var at = 0;
        while ((at = xml.IndexOf(opening, at, StringComparison.Ordinal)) >= 0)
        {
            at += opening.Length;
            var begin = xml.IndexOf('>', at) + 1;
            if (begin == 0 || xml[at] is not ('>' or ' ' or '/'))
            {
                continue;
            }

            if (xml[begin - 2] == '/')
            {
                yield return "";
                continue;
            }

            var end = xml.IndexOf(closing, begin, StringComparison.Ordinal);
            if (end < 0)
            {
                yield break;
            }

            yield return xml[begin..end];
            at = end + closing.Length;
        }
    }
}
