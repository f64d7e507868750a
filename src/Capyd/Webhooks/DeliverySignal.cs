namespace Capyd.Webhooks;

/// <summary>Wakes the delivery loop when something was written for it.</summary>
internal sealed class DeliverySignal
{
    private TaskCompletionSource _next = NewSource();

    /// <summary>Ends at the next wake-up. Ask before looking for work.</summary>
    public Task NextAsync() => Volatile.Read(ref _next).Task;

    public void Wake() => Interlocked.Exchange(ref _next, NewSource()).TrySetResult();

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
