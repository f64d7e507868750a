namespace Capyd.Webhooks;

/// <summary>Contract B.11.</summary>
internal static class DeliveryStates
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Failed = "failed";
}
