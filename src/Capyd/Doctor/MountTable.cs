namespace Capyd.Doctor;

/// <summary>Which device a path is on, without having to be allowed to enter it: /proc/self/mountinfo.</summary>
internal sealed class MountTable(IReadOnlyList<(string Place, string Device)> mounts)
{
    public static MountTable Read() => new([.. File.ReadLines("/proc/self/mountinfo").Select(Parse)]);

    /// <summary>e.g. <c>254:0</c>; null where it is not known.</summary>
    public string? DeviceOf(string path) => mounts
        .Where(mount => mount.Place == "/" || path == mount.Place || path.StartsWith(mount.Place + "/", StringComparison.Ordinal))
        .OrderByDescending(mount => mount.Place.Length)
        .Select(mount => mount.Device)
        .FirstOrDefault();

    /// <summary>A line is <c>36 35 98:0 /root /mount/place options - …</c>; blanks of a name are octal.</summary>
    internal static (string Place, string Device) Parse(string line)
    {
        var fields = line.Split(' ');
        return (fields[4].Replace("\\040", " ", StringComparison.Ordinal), fields[2]);
    }
}
