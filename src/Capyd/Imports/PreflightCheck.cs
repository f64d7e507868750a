namespace Capyd.Imports;

/// <summary>One verdict on a source (contract B.7).</summary>
/// <param name="Status"><c>pass</c>, <c>warn</c> or <c>fail</c>.</param>
internal sealed record PreflightCheck(string Name, string Status, string? Detail)
{
    public bool Failed => Status == "fail";

    public static PreflightCheck Pass(string name, string? detail = null) => new(name, "pass", detail);

    public static PreflightCheck Warn(string name, string detail) => new(name, "warn", detail);

    public static PreflightCheck Fail(string name, string detail) => new(name, "fail", detail);
}
