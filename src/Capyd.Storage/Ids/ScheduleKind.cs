namespace Capyd.Storage.Ids;

/// <summary>Backup schedules.</summary>
public sealed class ScheduleKind : IIdKind
{
    public static string Prefix => "sch";
}
