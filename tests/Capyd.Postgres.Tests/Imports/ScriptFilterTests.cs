using System.Text;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

public sealed class ScriptFilterTests
{
    private static readonly ScriptFilter Filter = new(["auth"], new HashSet<string> { "made" });

    [Theory]
    [InlineData("CREATE TABLE t(a int);")]
    [InlineData("SELECT pg_catalog.set_config('search_path', '', false);")]
    [InlineData("SET search_path = public;")]
    [InlineData("CREATE SCHEMA app;")]
    [InlineData("CREATE OPERATOR public.=== (FUNCTION = f, LEFTARG = int, RIGHTARG = int);")]
    [InlineData("CREATE TEXT SEARCH CONFIGURATION c (PARSER = pg_catalog.\"default\");")]
    [InlineData("COMMENT ON TABLE t IS 'x';")]
    [InlineData("ALTER TABLE ONLY public.a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES public.b(y);")]
    [InlineData("ALTER TABLE t ADD COLUMN owner text;")]
    public async Task Ordinary_statements_run(string sql) => Assert.True((await JudgeAsync(sql)).Runs);

    [Theory]
    [InlineData("GRANT ALL ON t TO other;")]
    [InlineData("ALTER TABLE t OWNER TO other;")]
    [InlineData("ALTER DEFAULT PRIVILEGES FOR ROLE x GRANT ALL ON TABLES TO y;")]
    [InlineData("SET ROLE postgres;")]
    [InlineData("SET SESSION AUTHORIZATION 'postgres';")]
    [InlineData("RESET ROLE;")]
    [InlineData("SET LOCAL ROLE postgres;")]
    [InlineData("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;")]
    [InlineData("COMMENT ON EXTENSION citext IS 'x';")]
    [InlineData("CREATE SCHEMA public;")]
    [InlineData("DROP SCHEMA IF EXISTS public;")]
    [InlineData("CREATE SCHEMA made;")]
    public async Task What_nobody_misses_is_left_out_quietly(string sql) => Assert.Equal("", (await JudgeAsync(sql)).Skip);

    [Theory]
    [InlineData("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f();", "event trigger")]
    [InlineData("CREATE OR REPLACE PROCEDURAL LANGUAGE plperl;", "procedural language")]
    [InlineData("CREATE SERVER s FOREIGN DATA WRAPPER w;", "server")]
    [InlineData("CREATE USER MAPPING FOR x SERVER s;", "user mapping")]
    [InlineData("CREATE ROLE evil SUPERUSER;", "role")]
    [InlineData("CREATE PUBLICATION p FOR ALL TABLES;", "publication")]
    [InlineData("CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <;", "operator class")]
    [InlineData("CREATE TABLE auth.users(id int);", "table")]
    [InlineData("COPY auth.users (id) FROM stdin;\n\\.\n", "copy")]
    [InlineData("CREATE SCHEMA auth;", "schema")]
    [InlineData("ALTER TABLE ONLY public.a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES auth.users(id);", "alter")]
    public async Task What_cannot_be_had_is_left_out_and_reported(string sql, string type)
    {
        var verdict = await JudgeAsync(sql);
        Assert.NotEqual("", verdict.Skip ?? "");
        Assert.Equal(type, verdict.Type);
    }

    private static async Task<ScriptVerdict> JudgeAsync(string sql)
    {
        using var source = new MemoryStream(Encoding.UTF8.GetBytes(sql));
        return Filter.Judge((await new ScriptReader(source, 10_000).NextAsync(CancellationToken.None))!);
    }
}
