namespace Capyd.Storage.Ids;

/// <summary>Audit events.</summary>
public sealed class AuditEventKind : IIdKind
{
    public static string Prefix => "aud";
}
