using System.Globalization;
using System.Runtime.InteropServices;

namespace Capyd.Auth;

/// <summary>Users and groups of the operating system, wherever it keeps them.</summary>
internal static partial class OsUsers
{
    private const int MostGroups = 1024;

    /// <summary>libc answers these from memory of its own, one question at a time.</summary>
    private static readonly Lock OneAtATime = new();

    /// <summary>Our own.</summary>
    public static uint Current => EffectiveUser();

    /// <summary>The user's name; its number when it has none.</summary>
    public static string NameOf(uint user)
    {
        lock (OneAtATime)
        {
            var entry = UserById(user);
            return (entry == 0 ? null : Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry))) ?? user.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whether the group exists and the user is in it, by its entry or by its login group.</summary>
    public static bool IsMember(uint user, uint loginGroup, string group)
    {
        var name = NameOf(user);
        lock (OneAtATime)
        {
            var entry = GroupByName(group);
            if (entry == 0)
            {
                return false;
            }

            var wanted = (uint)Marshal.ReadInt32(entry, 2 * IntPtr.Size); // gr_name, gr_passwd, gr_gid
            var groups = new uint[MostGroups];
            var count = groups.Length;
            return GroupsOf(name, loginGroup, groups, ref count) >= 0 && groups.AsSpan(0, count).Contains(wanted);
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint UserById(uint user);

    [LibraryImport("libc", EntryPoint = "getgrnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GroupByName(string name);

    [LibraryImport("libc", EntryPoint = "getgrouplist", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GroupsOf(string user, uint loginGroup, [In, Out] uint[] groups, ref int count);
}
