namespace Capyd.Doctor;

/// <summary>One thing that capyd needs, and how it is.</summary>
/// <param name="Check">e.g. <c>wal_level</c></param>
/// <param name="Result"><c>pass</c>, <c>warn</c> or <c>fail</c></param>
/// <param name="Message">What was found, and what it means.</param>
/// <param name="Mend">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Check, string Result, string Message, string? Mend = null)
{
    public const string Failed = "fail";

    public static Finding Pass(string check, string message) => new(check, "pass", message);

    public static Finding Warn(string check, string message, string mend) => new(check, "warn", message, mend);

    public static Finding Fail(string check, string message, string mend) => new(check, Failed, message, mend);

    /// <summary>Passes when there is no problem.</summary>
    public static Finding Of(string check, string? problem, string good, string mend) => problem is null ? Pass(check, good) : Fail(check, problem, mend);
}
