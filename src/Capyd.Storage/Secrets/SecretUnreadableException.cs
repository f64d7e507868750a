using System.Security.Cryptography;

namespace Capyd.Storage.Secrets;

/// <summary>A sealed secret is damaged, belongs to something else, or was sealed with another key.</summary>
public sealed class SecretUnreadableException(string context, string reason, Exception? inner = null)
    : CryptographicException(
        $"The secret sealed for {context} cannot be opened: {reason}. Put back the secret.key that belongs to this "
        + "metadata database, or set the secret anew.",
        inner);
