namespace Capyd.Storage.Repository;

/// <summary>The store answered and said no: trying again changes nothing until somebody has changed something.</summary>
/// <param name="code">The store's own word for it, such as <c>AccessDenied</c>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">What it was seen by, if it was no answer.</param>
public sealed class StoreRefusedException(string code, string message, Exception? inner = null) : IOException(message, inner)
{
    public string Code => code;
}
