using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Capyd.Storage.Sqlite;

/// <summary>Binds the managed provider to the system's libsqlite3, so that the distribution patches it.</summary>
internal static class SqliteProvider
{
    private const string SystemLibrary = "libsqlite3.so.0";
    private static readonly Lazy<bool> Loaded = new(Load);

    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) =>
        name == "e_sqlite3" ? NativeLibrary.Load(SystemLibrary) : 0;
}
