using Capyd.Client;

namespace Capyd.Doctor;

/// <summary>The report for people: what is wrong first at the eye, each with the way out of it.</summary>
internal static class DoctorText
{
    public static string Format(DoctorReport report)
    {
        var width = report.Findings.Max(finding => finding.Check.Length) + 2;
        var lines = report.Findings.Select(finding =>
            $"{finding.Result}  {finding.Check.PadRight(width)}{TextTable.Printable(finding.Message)}\n"
            + (finding.Mend is null ? "" : $"{new string(' ', width + 4)}> {TextTable.Printable(finding.Mend)}\n"));
        return string.Concat(lines) + Sum(report) + "\n";
    }

    private static string Sum(DoctorReport report)
    {
        var failed = report.Findings.Count(finding => finding.Result == Finding.Failed);
        var warned = report.Findings.Count(finding => finding.Result == "warn");
        var by = report.ExaminedBy == "daemon" ? "seen from inside the service" : "seen from outside, without the service's confinement";
        return failed > 0 ? $"{failed} of {report.Findings.Count} checks failed, {warned} warnings ({by})"
            : warned > 0 ? $"nothing fails; {warned} warnings ({by})" : $"all is well: {report.Findings.Count} checks ({by})";
    }
}
