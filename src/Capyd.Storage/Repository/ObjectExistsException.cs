namespace Capyd.Storage.Repository;

/// <summary>The name already holds other bytes; they were left as they are.</summary>
public sealed class ObjectExistsException(ObjectName name) : IOException(
    $"The repository already holds other bytes under {name}; they were kept. Two writers claim the same name: "
    + "check that no second capyd or another cluster uses this repository.")
{
    public ObjectName Name => name;
}
