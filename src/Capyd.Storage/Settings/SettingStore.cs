using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Settings;

/// <summary>Facts about this installation by name, such as <c>cluster_id</c>.</summary>
public static class SettingStore
{
    public static string? Get(MetadataSession session, string key) =>
        session.First("SELECT value FROM settings WHERE key = @key", row => row.Text("value"), ("key", key));

    public static void Set(MetadataTransaction transaction, string key, string value) => transaction.Execute(
        "INSERT INTO settings (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        ("key", key),
        ("value", value));
}
