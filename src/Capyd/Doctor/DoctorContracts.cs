using System.Text.Json.Serialization;

namespace Capyd.Doctor;

/// <param name="Result">The worst of all findings: <c>pass</c>, <c>warn</c> or <c>fail</c>.</param>
/// <param name="ExaminedBy"><c>daemon</c>: from inside the running service, with all its confinement; <c>command</c>: from the outside.</param>
internal sealed record DoctorReport(string Result, string ExaminedBy, DateTimeOffset At, IReadOnlyList<Finding> Findings)
{
    public static DoctorReport Of(string by, DateTimeOffset at, IReadOnlyList<Finding> findings)
    {
        var worst = findings.Any(finding => finding.Result == Finding.Failed) ? Finding.Failed : findings.Any(finding => finding.Result == "warn") ? "warn" : "pass";
        return new DoctorReport(worst, by, at, findings);
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
