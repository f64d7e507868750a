using System.Text.Json;
using Capyd.Postgres.Catalog;
using Capyd.Postgres.Cluster;

namespace Capyd.Postgres.Tests.Queries;

[Collection(nameof(TemporaryCluster))]
public sealed class CatalogTests(TemporaryCluster server)
{
    private static readonly DatabaseName Database = DatabaseName.Parse("structure");
    private readonly Password _password = Password.Random();

    [Fact]
    public async Task The_structure_of_a_database_is_told_without_running_its_code()
    {
        var role = RoleName.Parse("structure_owner");
        await new RoleAdmin(server.Cluster).EnsureAsync(new RoleSpec(role, _password, -1, "test"), CancellationToken.None);
        await new DatabaseAdmin(server.Cluster).ProvisionAsync(new DatabaseSpec(Database, role, null, new Dictionary<string, string>(), Marker: "test"), CancellationToken.None);
        await using var session = await server.LoginAsync(Database.ToString(), role, _password);
        await session.ExecuteAsync("""
            CREATE SCHEMA "Sales";
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad'); COMMENT ON TYPE mood IS 'how it goes';
            CREATE DOMAIN "Sales".email AS text NOT NULL CHECK (value ~ '@');
            CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mail "Sales".email, moods mood[], name varchar(20) DEFAULT 'x', gone int,
              twice int GENERATED ALWAYS AS (1 + 1) STORED, UNIQUE (name, mail));
            ALTER TABLE customers DROP COLUMN gone;
            COMMENT ON TABLE customers IS 'who buys'; COMMENT ON COLUMN customers.name IS 'short';
            CREATE TABLE "Sales"."Order" (customer int NOT NULL REFERENCES customers ON DELETE CASCADE ON UPDATE SET NULL, no int, PRIMARY KEY (no, customer)) PARTITION BY LIST (no);
            CREATE VIEW v AS SELECT 1 AS one; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
            CREATE FUNCTION trap(text, name) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a trap''; END';
            CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = name, FUNCTION = trap);
            """, CancellationToken.None);
        var schema = await new SchemaReader(server.Cluster).ReadAsync(Database, CancellationToken.None);
        var tables = await new SchemaReader(server.Cluster).TablesAsync(Database, CancellationToken.None);

        Assert.Equal("Sales.Order:partitioned_table public.customers:table public.m:materialized_view public.v:view", string.Join(' ', tables.Select(t => $"{t.Schema}.{t.Table}:{t.Type}")));
        Assert.Equal(["Sales", "public"], schema.Schemas.Select(s => s.Name));
        var open = schema.Schemas[1];
        Assert.Equal("""[{"Name":"mood","Values":["sad","ok","glad"],"Comment":"how it goes"}]""", JsonSerializer.Serialize(open.Enums));
        var customers = open.Tables[0];
        Assert.Equal("who buys", customers.Comment);
        Assert.Equal(["id"], customers.PrimaryKey);
        Assert.Equal(["name", "mail"], customers.UniqueConstraints.Single().Columns);
        Assert.Equal(
            [
                new SchemaColumn("id", 1, "integer", "int4", "pg_catalog", false, null, false, false, null, "always", false, null, null),
                new SchemaColumn("mail", 2, "\"Sales\".email", "email", "Sales", false, null, false, false, null, null, false, null, null),
                new SchemaColumn("moods", 3, "public.mood[]", "mood", "public", true, 1, true, false, null, null, true, null, null),
                new SchemaColumn("name", 4, "character varying(20)", "varchar", "pg_catalog", false, null, false, false, null, null, true, "'x'::character varying", "short"),
                new SchemaColumn("twice", 5, "integer", "int4", "pg_catalog", false, null, false, true, "stored", null, true, "(1 + 1)", null),
            ],
            customers.Columns);
        var order = schema.Schemas[0].Tables.Single();
        Assert.Equal(["no", "customer"], order.PrimaryKey);
        var key = order.ForeignKeys.Single();
        Assert.Equal(("public", "customers", "CASCADE", "SET NULL"), (key.ReferencedSchema, key.ReferencedTable, key.OnDelete, key.OnUpdate));
        Assert.Equal(["id"], key.ReferencedColumns);
        Assert.Contains(schema.Extensions, extension => extension.Name == "plpgsql");
        var activity = await new ActivityReader(server.Cluster).ReadAsync(Database, CancellationToken.None);
        Assert.Equal((1, false), (activity.Connections, activity.HasStatementStatistics));
        Assert.Empty(activity.Running);
    }
}
