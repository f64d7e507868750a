using System.Security.Cryptography;
using System.Text;

namespace Capyd.Postgres.Cluster;

/// <summary>Computes what PostgreSQL stores for a password, so that the password itself never reaches the server or its log.</summary>
public static class ScramVerifier
{
    private const int Iterations = 4096;
    private const string Prefix = "SCRAM-SHA-256$4096:";

    /// <exception cref="ArgumentException">The password is empty or holds other characters than printable ASCII,
    /// which clients normalise in different ways.</exception>
    public static string Compute(Password password) => Compute(password, RandomNumberGenerator.GetBytes(16));

    /// <summary>Whether the server's verifier is of this password, as far as this class has made it.</summary>
    internal static bool IsOf(string verifier, Password password)
    {
        var salt = verifier.StartsWith(Prefix, StringComparison.Ordinal) ? verifier[Prefix.Length..].Split('$')[0] : "";
        var bytes = new byte[64];
        return Convert.TryFromBase64String(salt, bytes, out var length) && length > 0
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Compute(password, bytes[..length])), Encoding.UTF8.GetBytes(verifier));
    }

    internal static string Compute(Password password, byte[] salt)
    {
        if (password.Value.Length == 0 || !password.Value.All(static c => c is >= ' ' and <= '~'))
        {
            throw new ArgumentException("A password must be printable ASCII and not empty; choose another one.", nameof(password));
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Value), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
