namespace Capyd.Postgres.Cluster;

/// <summary>Whether the same work may succeed later without anybody changing anything.</summary>
public enum RetryClass
{
    Transient,
    Permanent,
}
