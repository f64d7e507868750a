using System.Globalization;
using Capyd.Storage.Settings;

namespace Capyd.Scheduling;

/// <summary>Up to when a schedule was looked after; it outlives the daemon.</summary>
/// <param name="key">Its name among the settings.</param>
internal sealed class HandledInstant(string key)
{
    /// <returns>Null when nothing was, or what is kept cannot be read.</returns>
    public DateTimeOffset? Read(MetadataSession session) => SettingStore.Get(session, key) is { } text ? Parse(text) : null;

    public void Set(MetadataTransaction tx, DateTimeOffset at) => SettingStore.Set(tx, key, at.ToString("O", CultureInfo.InvariantCulture));

    /// <summary>Digits alone are milliseconds since 1970, as they were kept before.</summary>
    internal static DateTimeOffset? Parse(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at) ? at : null;
}
