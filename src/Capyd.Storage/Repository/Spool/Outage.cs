namespace Capyd.Storage.Repository.Spool;

/// <summary>The remote store cannot be used.</summary>
/// <param name="FailedAt">The clock's timestamp of the last failure.</param>
/// <param name="Refused">It answers, but does not let capyd in; time alone does not help.</param>
internal sealed record Outage(DateTimeOffset Since, long FailedAt, string Problem, bool Refused);
