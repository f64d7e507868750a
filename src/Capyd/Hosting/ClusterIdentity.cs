using Capyd.Storage.Settings;

namespace Capyd.Hosting;

/// <summary>capyd's own stable id of the server that it looks after (contract: <c>cluster_id</c>).</summary>
internal sealed record ClusterIdentity(ClusterId Id)
{
    private const string Setting = "cluster_id";

    public static ClusterIdentity Load(MetadataDatabase metadata) => metadata.Read(session => SettingStore.Get(session, Setting)) is { } text
        ? new ClusterIdentity(ClusterId.Parse(text))
        : throw new InvalidOperationException("the metadata holds no cluster id");

    /// <summary>Gives a new data directory its id; leaves a known one alone.</summary>
    public static void Ensure(MetadataTransaction tx)
    {
        if (SettingStore.Get(tx, Setting) is null)
        {
            SettingStore.Set(tx, Setting, ClusterId.New().ToString());
        }
    }
}
