namespace Capyd.Storage.Tests.Repository.Chunks;

/// <summary>What a bad disk does to files.</summary>
internal static class Damage
{
    public static void Flip(string file, long at)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? bytes.Length + at : at] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    public static void Cut(string file, long length)
    {
        using var opened = new FileStream(file, FileMode.Open);
        opened.SetLength(length);
    }
}
