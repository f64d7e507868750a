using Capyd.Alerts;
using Capyd.Jobs;

namespace Capyd.Webhooks;

/// <summary>Tells the endpoints of an organisation what happens to its projects (contract D.13).</summary>
internal static class WebhooksModule
{
    public static WebhooksJson Json => WebhooksJson.Default;

    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<DeliverySignal>().AddSingleton<WebhookOutbox>().AddSingleton<WebhookSender>().AddSingleton<DeliveryAttempt>();
        services.AddSingleton<ChangeWebhooks>().AddSingleton<RequestDelivery>();
        services.AddSingleton<IJobEndObserver, EventsOfJobs>().AddSingleton<IAlertListener, EventsOfAlerts>();
        services.AddSingleton<IBackgroundLoop, DeliveryLoop>().AddDueWork<DeliveryRetention>();
    }

    public static void Map(IEndpointRouteBuilder routes) => WebhookEndpoints.Map(routes);
}
