using Capyd.Cluster;
using Capyd.Postgres.Extensions;

namespace Capyd.Extensions;

/// <summary>Job: drops the extension and nothing else; what depends on it fails the job and is named.</summary>
internal sealed class DisableExtensionJob(MetadataDatabase metadata, PostgresServer server) : ExtensionJob(metadata, server)
{
    public const string JobType = "project.extension_disable";

    public override string Type => JobType;

    protected override Task ChangeAsync(ExtensionAdmin extensions, ExtensionWork work, CancellationToken cancellation) =>
        extensions.DisableAsync(work, cancellation);
}
