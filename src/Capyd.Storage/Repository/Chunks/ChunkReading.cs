using System.Buffers;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>Reads one chunk from the first place that has it whole.</summary>
internal sealed class ChunkReading(RepositoryContext context, ChunkRef chunk, ChunkReadAhead? ahead)
{
    private readonly List<string> _failures = [];

    public async Task RunAsync(Memory<byte> plain, CancellationToken ct)
    {
        if (plain.Length != chunk.Length)
        {
            throw new ArgumentException($"The chunk has {chunk.Length} bytes, the buffer {plain.Length}.", nameof(plain));
        }

        foreach (var place in context.Catalogue.Locate(chunk.Id))
        {
            if (await TryAsync(place, plain, ct))
            {
                return;
            }
        }

        var why = _failures.Count == 0 ? "no pack holds it" : string.Join("; ", _failures);
        throw new RepositoryDamagedException(
            $"Chunk {chunk.Id} cannot be read: {why}. Run the repository check to see which backups need it.");
    }

    private async Task<bool> TryAsync(ChunkLocation place, Memory<byte> plain, CancellationToken ct)
    {
        var stored = ArrayPool<byte>.Shared.Rent(place.Chunk.Stored);
        try
        {
            var bytes = stored.AsMemory(0, place.Chunk.Stored);
            if (ahead is null || !await ahead.TryReadAsync(place, bytes, ct))
            {
                await context.Store.ReadAtAsync(RepositoryNames.Pack(place.Pack), place.Chunk.Offset, bytes, ct);
            }

            if (ChunkId.Of(bytes.Span) != chunk.Id)
            {
                throw new InvalidDataException("its bytes were altered");
            }

            context.Codec.Decompress(bytes.Span, plain.Span);
            return true;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ObjectMissingException)
        {
            context.Catalogue.MarkDamaged(chunk.Id, place.Pack);
            _failures.Add($"pack {place.Pack}: {e.Message}");
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(stored);
        }
    }
}
