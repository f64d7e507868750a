namespace Capyd.Storage.Ids;

/// <summary>Addresses that want to be told of events.</summary>
public sealed class WebhookEndpointKind : IIdKind
{
    public static string Prefix => "whe";
}
