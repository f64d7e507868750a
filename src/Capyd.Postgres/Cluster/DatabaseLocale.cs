namespace Capyd.Postgres.Cluster;

/// <summary>How a database stores and sorts text; fixed for its lifetime.</summary>
/// <param name="Provider">libc, icu or builtin.</param>
/// <param name="IcuLocale">The locale of the provider icu or builtin; null for libc.</param>
public sealed record DatabaseLocale(string Encoding, string Collate, string CType, string Provider, string? IcuLocale)
{
    /// <summary>The options of CREATE DATABASE.</summary>
    internal string Clause()
    {
        var libc = $"ENCODING {SqlIdentifier.Literal(Encoding)} LC_COLLATE {SqlIdentifier.Literal(Collate)} LC_CTYPE {SqlIdentifier.Literal(CType)}";
        return Provider switch
        {
            "libc" => libc,
            "icu" => $"{libc} LOCALE_PROVIDER icu ICU_LOCALE {SqlIdentifier.Literal(IcuLocale ?? "und")}",
            "builtin" => $"{libc} LOCALE_PROVIDER builtin BUILTIN_LOCALE {SqlIdentifier.Literal(IcuLocale ?? "C.UTF-8")}",
            _ => throw new PostgresFailedException(
                $"\"{Provider}\" is no locale provider that capyd knows (libc, icu, builtin).", null, RetryClass.Permanent),
        };
    }
}
