namespace Capyd.Storage.Repository;

/// <summary>The repository has no object of that name.</summary>
public sealed class ObjectMissingException(ObjectName name) : IOException(
    $"The repository has no object {name}. It was expired, or removed by hand; check that the repository is mounted.")
{
    public ObjectName Name => name;
}
