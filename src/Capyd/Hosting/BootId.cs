using System.Security.Cryptography;

namespace Capyd.Hosting;

/// <summary>This start of the daemon: random, so that work claimed by an earlier start is known for what it is.</summary>
internal sealed record BootId(string Value)
{
    public static BootId New() => new("boot_" + RandomNumberGenerator.GetHexString(16, lowercase: true));
}
