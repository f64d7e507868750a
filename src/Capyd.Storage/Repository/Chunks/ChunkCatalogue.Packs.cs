using Capyd.Storage.Sqlite;

namespace Capyd.Storage.Repository.Chunks;

internal sealed partial class ChunkCatalogue
{
    public List<PackRow> Packs() => Read(session => session.Query(
        "SELECT number, name, size, damaged FROM packs ORDER BY number",
        row => new PackRow(row.Integer("number"), row.Text("name"), row.Integer("size"), row.Flag("damaged"))));

    /// <summary>Enters a pack and its chunks in place of what was known of it.</summary>
    public void Enter(string name, long size, bool damaged, IReadOnlyList<StoredChunk> chunks) => Write(transaction =>
    {
        Forget(transaction, name);
        transaction.Execute(
            "INSERT INTO packs (name, size, damaged) VALUES (@name, @size, @damaged)",
            ("name", name), ("size", size), ("damaged", damaged));
        var pack = transaction.First("SELECT last_insert_rowid() AS number", row => row.Integer("number"));
        foreach (var chunk in chunks)
        {
            transaction.Execute(
                """
                INSERT OR REPLACE INTO chunks (id, pack, offset, stored, plain) VALUES (@id, @pack, @offset, @stored, @plain)
                """,
                ("id", chunk.Id.ToBytes()), ("pack", pack), ("offset", chunk.Offset), ("stored", chunk.Stored), ("plain", chunk.Plain));
        }
    });

    public void Forget(string name) => Write(transaction => Forget(transaction, name));

    /// <summary>The chunks of a pack, in order of offset.</summary>
    public List<StoredChunk> ChunksOf(PackRow pack) => Read(session => session.Query(
        "SELECT id, offset, stored, plain FROM chunks WHERE pack = @pack ORDER BY offset", Chunk, ("pack", pack.Number)));

    /// <summary>The chunks of a pack that are alive and have no better copy elsewhere, in order of offset.</summary>
    public List<StoredChunk> LiveIn(PackRow pack) => Read(session => session.Query(
        """
        SELECT id, offset, stored, plain FROM chunks c
        WHERE c.pack = @pack AND EXISTS (SELECT 1 FROM live WHERE live.id = c.id)
          AND c.pack = (SELECT o.pack FROM chunks o WHERE o.id = c.id ORDER BY o.damaged, o.pack DESC LIMIT 1)
        ORDER BY offset
        """,
        Chunk,
        ("pack", pack.Number)));

    private static void Forget(MetadataTransaction transaction, string name)
    {
        transaction.Execute("DELETE FROM chunks WHERE pack = (SELECT number FROM packs WHERE name = @name)", ("name", name));
        transaction.Execute("DELETE FROM packs WHERE name = @name", ("name", name));
    }

    private static StoredChunk Chunk(ResultRow row) =>
        new(new ChunkId(row.Bytes("id")), row.Int32("offset"), row.Int32("stored"), row.Int32("plain"));
}
