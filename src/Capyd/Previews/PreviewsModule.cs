using Capyd.Jobs;
using Capyd.Scheduling;

namespace Capyd.Previews;

internal static class PreviewsModule
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<PreviewPlan>().AddSingleton<PreviewPresenter>().AddSingleton<CreatePreview>().AddSingleton<ExtendPreview>();
        services.AddSingleton<PreviewBuild>().AddSingleton<PreviewContent>().AddSingleton<CloneContent>().AddSingleton<BackupContent>();
        services.AddSingleton<ResetMoment>().AddSingleton<MomentContent>().AddSingleton<PastContent>();
        services.AddSingleton<ClockGuard>().AddDueWork<ReapPreviews>();
        services.AddJobHandler<CreatePreviewJob>();
        services.AddJobHandler<ResetPreview>();
        services.AddJobHandler<DeletePreview>();
    }
}
