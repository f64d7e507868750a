namespace Capyd.Storage.Jobs;

/// <summary>Another exclusive job of the resource is pending or running; the new one was not recorded.</summary>
public sealed class ResourceBusyException(string resource, Exception? inner = null)
    : Exception($"{resource} has an active operation. Wait for it to finish, or cancel it, and try again.", inner)
{
    public string Resource => resource;
}
