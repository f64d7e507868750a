using Capyd.Cluster;
using Capyd.Postgres.Extensions;

namespace Capyd.Extensions;

/// <summary>Job: brings the extension to the version of the host.</summary>
internal sealed class UpdateExtensionJob(MetadataDatabase metadata, PostgresServer server) : ExtensionJob(metadata, server)
{
    public const string JobType = "project.extension_update";

    public override string Type => JobType;

    protected override Task ChangeAsync(ExtensionAdmin extensions, ExtensionWork work, CancellationToken cancellation) =>
        extensions.UpdateAsync(work, cancellation);
}
