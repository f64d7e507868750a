using System.Globalization;
using System.Text;
using Capyd.Errors;

namespace Capyd.Tests;

public sealed class ErrorDocumentTests
{
    /// <summary>Run with CAPYD_WRITE_DOCS=1 to write the page anew.</summary>
    [Fact]
    public void The_page_of_errors_is_the_taxonomy()
    {
        var file = Path.Combine(RepositoryRoot.Path, "docs/errors.md");
        var page = Write();
        if (Environment.GetEnvironmentVariable("CAPYD_WRITE_DOCS") == "1")
        {
            File.WriteAllText(file, page);
        }

        Assert.Equal(page, File.ReadAllText(file));
    }

    [Fact]
    public void No_word_is_used_twice() => Assert.Equal(ErrorCode.All.Count, ErrorCode.All.Select(code => code.Word).Distinct().Count());

    private static string Write()
    {
        var page = new StringBuilder(
            """
            # Errors

            Every refusal and failure of the API has this body; `error` says what is wrong with the values at hand, `hint` what to do
            next (absent where the error says it all), `code` is a stable word from this page. The page is written from
            `src/Capyd/Errors/ErrorCode.cs`, and a test holds the two together.

            ```json
            {"error": "cron_hour: wants 0 to 23, in UTC", "code": "invalid_request"}
            ```

            | code | HTTP status | meaning |
            | --- | --- | --- |

            """);
        foreach (var code in ErrorCode.All)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `{code.Word}` | {code.Status} | {code.Meaning} |\n");
        }

        return page.ToString();
    }
}
