namespace Capyd.Cluster;

/// <summary>A part of capyd that has something to say in <c>GET /status</c>.</summary>
internal interface IComponentStatus
{
    /// <summary>Null while it has no business there, as when the operator has switched it off.</summary>
    ComponentBody? Component { get; }

    /// <summary>Whether data is in more danger while the part is degraded. What is down lowers the whole in any case.</summary>
    bool ConcernsSafety => true;
}
