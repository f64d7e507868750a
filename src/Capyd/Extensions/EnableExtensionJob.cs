using Capyd.Cluster;
using Capyd.Postgres.Extensions;

namespace Capyd.Extensions;

/// <summary>Job: creates the extension and what it requires.</summary>
internal sealed class EnableExtensionJob(MetadataDatabase metadata, PostgresServer server) : ExtensionJob(metadata, server)
{
    public const string JobType = "project.extension_enable";

    public override string Type => JobType;

    protected override Task ChangeAsync(ExtensionAdmin extensions, ExtensionWork work, CancellationToken cancellation) =>
        extensions.EnableAsync(work, cancellation);
}
