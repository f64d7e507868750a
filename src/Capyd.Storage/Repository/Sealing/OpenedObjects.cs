namespace Capyd.Storage.Repository.Sealing;

/// <summary>Remembers headers and sizes, so that a read in the middle of an object is one read below.</summary>
internal sealed class OpenedObjects
{
    private const int Most = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectName, OpenedObject> _opened = [];

    public OpenedObject? Find(ObjectName name)
    {
        lock (_lock)
        {
            return _opened.GetValueOrDefault(name);
        }
    }

    public void Keep(ObjectName name, OpenedObject opened)
    {
        lock (_lock)
        {
            if (_opened.Count >= Most)
            {
                _opened.Clear();
            }

            _opened[name] = opened;
        }
    }

    public void Forget(ObjectName name)
    {
        lock (_lock)
        {
            _opened.Remove(name);
        }
    }
}
