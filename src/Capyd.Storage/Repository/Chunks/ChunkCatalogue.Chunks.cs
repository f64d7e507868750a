namespace Capyd.Storage.Repository.Chunks;

internal sealed partial class ChunkCatalogue
{
    /// <summary>Whether the chunk is stored somewhere where no damage is known.</summary>
    public bool Holds(ChunkId id) => Read(session =>
        session.Exists("SELECT 1 FROM chunks WHERE id = @id AND damaged = 0", ("id", id.ToBytes())));

    /// <summary>All places of a chunk, the best first.</summary>
    public List<ChunkLocation> Locate(ChunkId id) => Read(session => session.Query(
        """
        SELECT p.name, c.id, c.offset, c.stored, c.plain, c.damaged FROM chunks c JOIN packs p ON p.number = c.pack
        WHERE c.id = @id ORDER BY c.damaged, c.pack DESC
        """,
        row => new ChunkLocation(row.Text("name"), Chunk(row), row.Flag("damaged")),
        ("id", id.ToBytes())));

    /// <summary>Remembers that a chunk cannot be read from a pack, so that the next backup stores it again.</summary>
    public void MarkDamaged(ChunkId id, string pack) => Write(transaction => transaction.Execute(
        "UPDATE chunks SET damaged = 1 WHERE id = @id AND pack = (SELECT number FROM packs WHERE name = @pack)",
        ("id", id.ToBytes()), ("pack", pack)));

    public void MarkSound(ChunkId id, string pack) => Write(transaction => transaction.Execute(
        "UPDATE chunks SET damaged = 0 WHERE id = @id AND damaged = 1 AND pack = (SELECT number FROM packs WHERE name = @pack)",
        ("id", id.ToBytes()), ("pack", pack)));

    public void ClearLive() => Write(transaction => transaction.Execute("DELETE FROM live"));

    public void MarkLive(IReadOnlyCollection<ChunkId> ids) => Write(transaction =>
    {
        foreach (var id in ids)
        {
            transaction.Execute("INSERT OR IGNORE INTO live (id) VALUES (@id)", ("id", id.ToBytes()));
        }
    });

    /// <summary>Live chunks that no pack holds.</summary>
    public long CountLost() => Read(session => session.First(
        "SELECT count(*) AS n FROM live WHERE NOT EXISTS (SELECT 1 FROM chunks WHERE chunks.id = live.id)", row => row.Integer("n")));

    public (long Chunks, long Stored, long Plain) Totals() => Read(session => session.First(
        "SELECT count(*) AS n, coalesce(sum(stored), 0) AS stored, coalesce(sum(plain), 0) AS plain FROM chunks",
        row => (row.Integer("n"), row.Integer("stored"), row.Integer("plain"))));
}
