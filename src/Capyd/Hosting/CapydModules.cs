using System.Text.Json.Serialization;
using System.Text.Json;
using Capyd.Alerts;
using Capyd.Approvals;
using Capyd.Archives;
using Capyd.Audit;
using Capyd.Auth;
using Capyd.Backups;
using Capyd.BaseBackups;
using Capyd.Cluster;
using Capyd.DataAccess;
using Capyd.Doctor;
using Capyd.Drills;
using Capyd.Exports;
using Capyd.Extensions;
using Capyd.Imports;
using Capyd.Jobs;
using Capyd.Limits;
using Capyd.LoginSessions;
using Capyd.Metrics;
using Capyd.Observability;
using Capyd.OffHost;
using Capyd.Pooling;
using Capyd.Previews;
using Capyd.Projects;
using Capyd.Recovery;
using Capyd.Repository;
using Capyd.RestorePoints;
using Capyd.Restores;
using Capyd.Retention;
using Capyd.Scheduling;
using Capyd.Service;
using Capyd.Storage.Secrets;
using Capyd.Wal;
using Capyd.Webhooks;

namespace Capyd.Hosting;

/// <summary>The composition root: the only file that names every slice.</summary>
internal static class CapydModules
{
    public static void AddServices(IServiceCollection services)
    {
        services.AddSingleton(BootId.New());
        services.AddSingleton<EmbeddedPostgres>().AddSingleton<PostgresServer>().AddSingleton(provider => provider.GetRequiredService<PostgresServer>().Rush);
        services.AddSingleton(provider => SecretBox.Open(provider.GetRequiredService<DataDirectory>().SecretKey));
        services.AddSingleton(provider => ClusterIdentity.Load(provider.GetRequiredService<MetadataDatabase>()));
        services.AddSingleton<ZstdProgram>().AddSingleton<ArchiveStore>().AddSingleton<ProvenBuild>().AddSingleton<LeftoverSweep>().AddSingleton<Ticker>();
        services.AddSingleton<JobWatch>().AddSingleton<JobProgress>().AddSingleton<JobQueue>().AddSingleton<JobSettlement>();
        services.AddSingleton<JobRunner>().AddSingleton<JobWorker>().AddSingleton<JobPresenter>().AddSingleton<CancelJob>();
        services.AddSingleton<ProjectPresenter>().AddSingleton<ProjectListCache>().AddSingleton<CreateProject>().AddSingleton<UpdateProject>();
        services.AddSingleton<DeleteProject>().AddSingleton<RetryProvisioning>();
        services.AddSingleton<StartBackup>().AddSingleton<BackupPipeline>().AddDueWork<BackupScheduler>().AddDueWork<BackupRetention>();
        services.AddSingleton<RestorePlaces>().AddSingleton<RestoreSwap>().AddSingleton<RestoreMoment>().AddSingleton<StartRestore>();
        AuthModule.AddServices(services);
        WebhooksModule.AddServices(services);
        LoginSessionsModule.AddServices(services);
        services.AddSingleton<SignedUrl>();
        ExtensionsModule.AddServices(services);
        RestorePointsModule.AddServices(services);
        ExportsModule.AddServices(services);
        ImportsModule.AddServices(services);
        AddHandlers(services);
        AlertsModule.AddServices(services);
        LimitsModule.AddServices(services);
        DataAccessModule.AddServices(services);
        ObservabilityModule.AddServices(services);
        PoolingModule.AddServices(services);
        services.AddSingleton<OperatorAccess>();
        PreviewsModule.AddServices(services);
        RepositoryModule.AddServices(services);
        WalModule.AddServices(services);
        BaseBackupsModule.AddServices(services);
        RetentionModule.AddServices(services);
        RecoveryModule.AddServices(services);
        MetricsModule.AddServices(services);
        DrillsModule.AddServices(services);
        ServiceModule.AddServices(services);
        DoctorModule.AddServices(services);
        services.AddDueWork<LetGoOfPages>();
        OffHostModule.AddServices(services);
    }

    private static void AddHandlers(IServiceCollection services)
    {
        services.AddJobHandler<ProvisionProject>();
        services.AddJobHandler<DeleteProjectJob>();
        services.AddJobHandler<BackupJob>();
        services.AddJobHandler<RestoreJob>();
        services.AddJobHandler<PitrRestoreJob>();
        services.AddJobHandler<RotateCredentials>();
        services.AddJobHandler<UndoRestore>();
        services.AddJobHandler<ExpireParked>().AddDueWork<ExpireParked>();
    }

    public static void AddJson(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        IEnumerable<JsonSerializerContext> contexts =
        [
            ErrorJson.Default, AuthJson.Default, StatusJson.Default, JobsJson.Default, ProjectsJson.Default, BackupsJson.Default,
            PreviewsJson.Default, RestoresJson.Default,
            AlertsModule.Json, LimitsModule.Json, DataAccessModule.Json, ObservabilityModule.Json, AuditModule.Json, ClustersJson.Default,
            WebhooksModule.Json, ApprovalsJson.Default, LoginSessionsModule.Json,
            ExtensionsModule.Json, RestorePointsModule.Json, ExportsModule.Json,
            ImportsModule.Json,
            BaseBackupsModule.Json, RetentionModule.Json, RecoveryModule.Json,
            DrillsModule.Json,
            DoctorModule.Json,
        ];
        foreach (var context in contexts)
        {
            options.TypeInfoResolverChain.Add(context);
        }
    }

    public static void MapEndpoints(IEndpointRouteBuilder routes)
    {
        StatusEndpoints.Map(routes);
        IdentityEndpoints.Map(routes);
        ApiKeyEndpoints.Map(routes);
        JobEndpoints.Map(routes);
        ProjectEndpoints.Map(routes);
        ApprovalEndpoints.Map(routes);
        BackupEndpoints.Map(routes);
        ScheduleEndpoints.Map(routes);
        RestoreEndpoints.Map(routes);
        PreviewEndpoints.Map(routes);
        WebhooksModule.Map(routes);
        LoginSessionsModule.Map(routes);
        AlertsModule.Map(routes);
        LimitsModule.Map(routes);
        DataAccessModule.Map(routes);
        ObservabilityModule.Map(routes);
        AuditModule.Map(routes);
        ClusterEndpoints.Map(routes);
        ImportsModule.Map(routes);
        AbsentFeatures.Map(routes);
        ExtensionsModule.Map(routes);
        RestorePointsModule.Map(routes);
        ExportsModule.Map(routes);
        BaseBackupsModule.Map(routes);
        RetentionModule.Map(routes);
        RecoveryModule.Map(routes);
        MetricsModule.Map(routes);
        DrillsModule.Map(routes);
        DoctorModule.Map(routes);
    }
}
