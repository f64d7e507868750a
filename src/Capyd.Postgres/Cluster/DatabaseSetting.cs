using System.Text.RegularExpressions;

namespace Capyd.Postgres.Cluster;

/// <summary>A setting that applies in one database: to everybody, or to one role there.</summary>
/// <param name="Role">Null for everybody.</param>
/// <param name="Value">The value as pg_db_role_setting has it.</param>
public sealed partial record DatabaseSetting(string? Role, string Name, string Value)
{
    /// <summary>Settings whose value is a list of quoted names; one literal would be taken for one single name.</summary>
    private static readonly string[] Lists =
    [
        "search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries",
        "shared_preload_libraries", "unix_socket_directories",
    ];

    /// <exception cref="PostgresFailedException">The name is no setting's name.</exception>
    internal string Statement(DatabaseName database)
    {
        if (!SettingName().IsMatch(Name))
        {
            throw new PostgresFailedException($"\"{Name}\" is no name of a setting.", null, RetryClass.Permanent);
        }

        var target = Role is null ? $"DATABASE {database.Quoted}" : $"ROLE {SqlIdentifier.Quote(Role)} IN DATABASE {database.Quoted}";
        return $"ALTER {target} SET {string.Join('.', Name.Split('.').Select(SqlIdentifier.Quote))} TO {Right()}";
    }

    private string Right()
    {
        if (!Lists.Contains(Name, StringComparer.OrdinalIgnoreCase))
        {
            return SqlIdentifier.Literal(Value);
        }

        var names = ListItem().Matches(Value).Select(Unquote).ToList();
        return names.Count == 0 ? "''" : string.Join(", ", names.Select(SqlIdentifier.Literal));
    }

    private static string Unquote(Match item) =>
        item.Groups[1].Success
            ? item.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal)
            : item.Groups[2].Value.Trim().ToLowerInvariant();

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_$]*(\.[A-Za-z_][A-Za-z0-9_$]*)*$")]
    private static partial Regex SettingName();

    [GeneratedRegex("\"((?:[^\"]|\"\")*)\"|([^\",\\s][^\",]*)")]
    private static partial Regex ListItem();
}
