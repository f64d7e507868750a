using System.Buffers.Text;
using System.Security.Cryptography;

namespace Capyd.Postgres.Cluster;

/// <summary>A role's password. It never prints itself.</summary>
public sealed record Password(string Value)
{
    /// <summary>24 random bytes as 32 characters that need no quoting in a URL.</summary>
    public static Password Random() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)));

    public override string ToString() => "***";
}
