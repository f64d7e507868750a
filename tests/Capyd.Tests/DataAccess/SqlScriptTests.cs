using Capyd.Postgres.Queries;

namespace Capyd.Tests.DataAccess;

public sealed class SqlScriptTests
{
    [Theory]
    [InlineData("SELECT 1; SELECT 2", 2)]
    [InlineData("SELECT 1;;;  -- only a comment ; \n", 1)]
    [InlineData("SELECT ';' /* ; /* ; */ ; */ ; SELECT 2", 2)]
    [InlineData("SELECT E'\\';' ; SELECT 2", 2)]
    [InlineData("SELECT '\\'; SELECT 2", 2)]
    [InlineData("SELECT $a$ ; $$ ; $a$; SELECT $$;$$", 2)]
    [InlineData("SELECT \"a;b\"; SELECT U&\"c;\"\"d\"", 2)]
    [InlineData("SELECT 'it''s; one'", 1)]
    [InlineData("SELECT a$b$c ; SELECT $b$ ; $b$", 2)]
    [InlineData("SELECT $1; SELECT 2", 2)]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3", 2)]
    [InlineData("CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3", 2)]
    [InlineData("BEGIN; SELECT 1; COMMIT", 3)]
    [InlineData("SELECT 1 /*source='capydb-mcp'*/", 1)]
    [InlineData("SELECT 1; /*source='capydb-mcp'*/", 1)]
    [InlineData("/* open", 0)]
    [InlineData("SELECT 'open ; ", 1)]
    [InlineData("  \n-- x", 0)]
    public void A_script_is_split_as_psql_does(string sql, int statements) => Assert.Equal(statements, SqlScript.Split(sql).Count);

    [Fact]
    public void Deep_nesting_is_read_without_recursion()
    {
        Assert.Single(SqlScript.Split("SELECT " + new string('(', 9000) + "1" + new string(')', 9000)));
        Assert.Empty(SqlScript.Split(string.Concat(Enumerable.Repeat("/*", 9000))));
    }

    [Fact]
    public void A_shape_has_no_values()
    {
        var shape = string.Join(' ', SqlScript.Split("SELECT * FROM t WHERE name = 'secret' AND n = 42 AND x = $q$secret$q$")[0].Shape());
        Assert.Equal("select * from t where name = ? and n = ? and x = ?", shape);
    }

    [Theory]
    [InlineData("DELETE FROM t", "DELETE")]
    [InlineData("delete from t /* where */", "DELETE")]
    [InlineData("DELETE FROM t -- WHERE x", "DELETE")]
    [InlineData("DELETE FROM t USING (SELECT 1 AS a WHERE true) u", "DELETE")]
    [InlineData("UPDATE t SET a = 'WHERE'", "UPDATE")]
    [InlineData("UPDATE t SET a = (SELECT b FROM u WHERE c)", "UPDATE")]
    [InlineData("UPDATE t SET a = $$ WHERE $$", "UPDATE")]
    [InlineData("UPDATE \"where\" SET \"where\" = 1", "UPDATE")]
    [InlineData("WITH d AS (DELETE FROM t RETURNING *) SELECT * FROM d WHERE true", "DELETE")]
    [InlineData("WITH s AS (SELECT 1) DELETE FROM t", "DELETE")]
    [InlineData("WITH s AS (SELECT 1 WHERE true) UPDATE t SET a = 1 FROM s", "UPDATE")]
    [InlineData("EXPLAIN ANALYZE DELETE FROM t", "DELETE")]
    [InlineData("EXPLAIN (ANALYZE, BUFFERS) UPDATE t SET a = 1", "UPDATE")]
    [InlineData("PREPARE p AS DELETE FROM t", "DELETE")]
    [InlineData("TRUNCATE t", "TRUNCATE")]
    [InlineData("/* hello */ truncate table only t cascade", "TRUNCATE")]
    [InlineData("DELETE FROM t WHERE id = 1", null)]
    [InlineData("UPDATE t SET a = 1 WHERE true", null)]
    [InlineData("WITH d AS (DELETE FROM t WHERE id = 1 RETURNING *) SELECT * FROM d", null)]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", null)]
    [InlineData("SELECT * FROM t FOR UPDATE", null)]
    [InlineData("SELECT 'DELETE FROM t'", null)]
    [InlineData("CREATE TABLE t (a int REFERENCES u ON DELETE CASCADE ON UPDATE SET NULL)", null)]
    [InlineData("CREATE TRIGGER x BEFORE UPDATE OR DELETE ON t EXECUTE FUNCTION f()", null)]
    [InlineData("CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t", null)]
    [InlineData("CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM t; END", null)]
    [InlineData("GRANT UPDATE, DELETE ON t TO u", null)]
    [InlineData("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)", null)]
    [InlineData("EXPLAIN DELETE FROM t", null)]
    [InlineData("SELECT 1 AS delete FROM t", null)]
    [InlineData("SELECT (update) FROM t", null)]
    public void Writes_to_every_row_are_found_and_nothing_else(string sql, string? expected) =>
        Assert.Equal(expected, SqlWrites.FindUnqualified(SqlScript.Split(sql)[0]));

    [Theory]
    [InlineData("BEGIN", true)]
    [InlineData("BEGIN; SELECT 1; COMMIT", false)]
    [InlineData("START TRANSACTION; SAVEPOINT a; ROLLBACK TO a", true)]
    [InlineData("BEGIN; ROLLBACK WORK", false)]
    [InlineData("BEGIN; COMMIT AND CHAIN", true)]
    [InlineData("BEGIN; COMMIT AND NO CHAIN", false)]
    [InlineData("SELECT 1", false)]
    public void A_transaction_that_is_left_open_is_seen(string sql, bool open) => Assert.Equal(open, SqlTransactions.LeavesOpen(SqlScript.Split(sql)));
}
