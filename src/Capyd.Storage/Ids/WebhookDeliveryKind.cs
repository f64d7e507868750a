namespace Capyd.Storage.Ids;

/// <summary>One event on its way to one endpoint; receivers tell repeats by it.</summary>
public sealed class WebhookDeliveryKind : IIdKind
{
    public static string Prefix => "whd";
}
