namespace Capyd.Storage.Ids;

/// <summary>Things that happened, as webhooks tell them.</summary>
public sealed class EventKind : IIdKind
{
    public static string Prefix => "evt";
}
