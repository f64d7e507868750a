using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Capyd.Hosting;

/// <summary>Root's commands on capyd's own files become the owner of the files first: what root writes there, the daemon could not read.</summary>
internal static partial class DataOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint Ownership = 0x8 | 0x10; // STATX_UID | STATX_GID
    private const int UserAt = 20; // stx_uid, the same on every processor
    private const int GroupAt = 24; // stx_gid

    /// <summary>Nothing happens for others than root, without the directory, and where it is root's own.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void Become(string directory)
    {
        Span<byte> entry = stackalloc byte[256];
        if (!Environment.IsPrivilegedProcess || StatX(CurrentDirectory, directory, 0, Ownership, entry) != 0)
        {
            return;
        }

        var user = BinaryPrimitives.ReadUInt32LittleEndian(entry[UserAt..]);
        if (user != 0)
        {
            Become(user, BinaryPrimitives.ReadUInt32LittleEndian(entry[GroupAt..]));
        }
    }

    /// <summary>With the groups that the user is in, else with the directory's alone.</summary>
    private static void Become(uint user, uint group)
    {
        var known = UserById(user); // pw_name, pw_passwd, pw_uid, pw_gid
        var login = known == 0 ? group : (uint)Marshal.ReadInt32(known, 2 * IntPtr.Size + sizeof(uint));
        if ((known == 0 ? SetGroups(1, [group]) : InitialiseGroups(Marshal.ReadIntPtr(known), login)) != 0 || SetGroup(login) != 0 || SetUser(user) != 0)
        {
            var cause = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"could not become the OS user {user}, who owns the data directory: {cause.Message}", cause);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, Span<byte> entry);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial nint UserById(uint user);

    [LibraryImport("libc", EntryPoint = "initgroups", SetLastError = true)]
    private static partial int InitialiseGroups(nint user, uint group);

    [LibraryImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    private static partial int SetGroups(nint count, uint[] groups);

    [LibraryImport("libc", EntryPoint = "setgid", SetLastError = true)]
    private static partial int SetGroup(uint group);

    [LibraryImport("libc", EntryPoint = "setuid", SetLastError = true)]
    private static partial int SetUser(uint user);
}
