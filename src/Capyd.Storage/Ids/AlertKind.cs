namespace Capyd.Storage.Ids;

/// <summary>Alerts: something of a project that its owner should look at.</summary>
public sealed class AlertKind : IIdKind
{
    public static string Prefix => "alr";
}
