using System.Text;
using Capyd.Postgres.Imports;

namespace Capyd.Postgres.Tests.Imports;

public sealed class ScriptReaderTests
{
    [Theory]
    [InlineData("SELECT 1; SELECT 'a;b''c;';", "SELECT 1|SELECT 'a;b''c;'")]
    [InlineData("SELECT E'it\\'s; ok'; SELECT 2;", "SELECT E'it\\'s; ok'|SELECT 2")]
    [InlineData("SELECT 'back\\'; SELECT 2;", "SELECT 'back\\'|SELECT 2")]
    [InlineData("SELECT $$a;b$$; SELECT $x$ $y$;$x $x$;", "SELECT $$a;b$$|SELECT $x$ $y$;$x $x$")]
    [InlineData("SELECT a$b$c; SELECT $1;", "SELECT a$b$c|SELECT $1")]
    [InlineData("SELECT \"a;\"\"b\"; -- x;\nSELECT /* ; /* nested; */ ; */ 2;", "SELECT \"a;\"\"b\"|SELECT   2")]
    [InlineData("/* first; */ SELECT 1; SELECT 3 -- end;\n- 2;", "SELECT 1|SELECT 3 \n- 2")]
    [InlineData("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)")]
    [InlineData(
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3;",
        "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END|SELECT 3")]
    [InlineData("BEGIN; SELECT 1; COMMIT;", "BEGIN|SELECT 1|COMMIT")]
    [InlineData("SET standard_conforming_strings = off; SELECT 'a\\'b;'; SELECT 2;", "SET standard_conforming_strings = off|SELECT 'a\\'b;'|SELECT 2")]
    [InlineData(";;\n ; SELECT 1;", "SELECT 1")]
    [InlineData("\uFEFFSELECT 1;", "SELECT 1")]
    [InlineData("SELECT 'ä€\U0001F600;';", "SELECT 'ä€\U0001F600;'")]
    [InlineData("\\restrict abcDEF1\nSELECT 1;\n\\unrestrict abcDEF1\n", "SELECT 1")]
    public async Task Statements_are_cut_where_psql_would_cut_them(string script, string expected)
    {
        foreach (var piece in new[] { 1, 3, 100_000 })
        {
            var found = await StatementsAsync(script, piece);
            Assert.Equal(expected, string.Join('|', found.Select(static s => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(s.Text)))));
        }
    }

    [Theory]
    [InlineData("SELECT 1;\n\\! touch /tmp/x\n", "Line 2")]
    [InlineData("SELECT 1;\n\\copy t from '/etc/passwd'\n", "\\copy")]
    [InlineData("\\connect postgres\n", "--create")]
    [InlineData("SELECT 1 \\g /tmp/x\n", "backslash")]
    [InlineData("SELECT 1 \\! x\n;", "backslash")]
    [InlineData("\\restrict a b\n", "\\restrict")]
    [InlineData("\\restrict a\\! x\n", "\\restrict")]
    [InlineData("\\restrict a\r\\! x\n", "\\restrict")]
    [InlineData("SELECT 1; \\i /etc/passwd\n", "\\i")]
    [InlineData("COPY t FROM stdin;\n1\n\\.\n\\! x\n", "\\!")]
    [InlineData("-- PostgreSQL database cluster dump\n", "pg_dumpall")]
    [InlineData("SELECT 'a", "cut off")]
    [InlineData("SELECT 1", "cut off")]
    [InlineData("COPY t FROM stdin;\n1\n2", "cut off")]
    [InlineData("COPY t FROM stdin; SELECT 1;\n", "next line")]
    [InlineData("SELECT '\0';", "zero byte")]
    public async Task What_is_no_whole_sql_is_refused(string script, string because)
    {
        foreach (var piece in new[] { 1, 100_000 })
        {
            var error = await Assert.ThrowsAsync<ImportRefusedException>(() => StatementsAsync(script, piece));
            Assert.Contains(because, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rows_are_passed_on_byte_for_byte_up_to_their_end()
    {
        const string Rows = "1\t\\N\n\\.x\n\\\\.\n;'$$\n\n";
        foreach (var end in new[] { "\\.\n", "\\.\r\n" })
        {
            foreach (var piece in new[] { 1, 2, 5, 100_000 })
            {
                using var sink = new MemoryStream();
                using var source = new PieceStream(Encoding.UTF8.GetBytes($"COPY public.t (a, b) FROM stdin;\n{Rows}{end}SELECT 1;"), piece);
                var reader = new ScriptReader(source, 1000);
                var copy = await reader.NextAsync(CancellationToken.None);
                Assert.True(copy!.IsCopyFromStdin);
                Assert.Equal(5, await reader.RowsAsync(copy, sink, CancellationToken.None));
                Assert.Equal(Rows, Encoding.UTF8.GetString(sink.ToArray()));
                var next = await reader.NextAsync(CancellationToken.None);
                Assert.Equal(("SELECT 1", 8), (next!.Text, next.Line));
            }
        }
    }

    [Fact]
    public async Task The_comment_above_an_object_names_it()
    {
        var found = await StatementsAsync("--\n-- Name: a; b; Type: TABLE; Schema: public; Owner: me\n--\n\nCREATE TABLE x();\n--\n-- Data for Name: c; Type: TABLE DATA; Schema: s; Owner: -\n--\nSELECT 1;", 7);
        Assert.Equal(new TocEntry("a; b", "TABLE", "public"), found[0].Entry);
        Assert.Equal("table data s.c", found[1].Subject);
    }

    [Fact]
    public async Task A_statement_above_the_limit_is_refused()
    {
        using var source = new PieceStream(Encoding.UTF8.GetBytes($"SELECT '{new string('x', 2000)}';"), 100);
        var error = await Assert.ThrowsAsync<ImportRefusedException>(async () => await new ScriptReader(source, 1000).NextAsync(CancellationToken.None));
        Assert.Contains("1000 bytes", error.Message, StringComparison.Ordinal);
    }

    private static async Task<List<ScriptStatement>> StatementsAsync(string script, int piece)
    {
        using var source = new PieceStream(Encoding.UTF8.GetBytes(script), piece);
        var reader = new ScriptReader(source, 100_000);
        var found = new List<ScriptStatement>();
        while (await reader.NextAsync(CancellationToken.None) is { } statement)
        {
            found.Add(statement);
            if (statement.IsCopyFromStdin)
            {
                await reader.RowsAsync(statement, null, CancellationToken.None);
            }
        }

        return found;
    }

    /// <summary>Gives its bytes in small pieces, as a pipe may.</summary>
    private sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
