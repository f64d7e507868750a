using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Capyd.Storage.Repository.Chunks;

/// <summary>Reads manifests from the store and refuses damaged ones.</summary>
internal sealed class ManifestLoader(IObjectStore store, string cacheDirectory)
{
    private const int CopyBytes = 128 * 1024;

    /// <exception cref="ObjectMissingException">There is no such backup.</exception>
    /// <exception cref="RepositoryDamagedException">The header is damaged.</exception>
    public async Task<ManifestHeader> ReadHeaderAsync(string name, CancellationToken ct) =>
        (await ReadLeadAsync(name, ct)).Header;

    /// <summary>A checked local copy of the manifest.</summary>
    /// <param name="readers">What the reader holds until it is disposed; null when the caller holds a lock.</param>
    /// <inheritdoc cref="ReadHeaderAsync"/>
    public async Task<ManifestReader> OpenAsync(string name, RepositoryLock? readers, CancellationToken ct)
    {
        var (header, length) = await ReadLeadAsync(name, ct);
        var file = TemporaryFile.Create(cacheDirectory);
        try
        {
            await CopyAsync(name, file, ct);
            return RandomAccess.GetLength(file) == length + header.EntriesLength + ManifestFormat.DigestSize
                ? new ManifestReader(header, file, length, readers)
                : throw Damaged(name, "its length is not what its header says");
        }
        catch (InvalidDataException e)
        {
            file.Dispose();
            throw Damaged(name, e.Message, e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private async Task<(ManifestHeader Header, int Length)> ReadLeadAsync(string name, CancellationToken ct)
    {
        try
        {
            var lead = new byte[ManifestFormat.LeadSize];
            await store.ReadAtAsync(RepositoryNames.Manifest(name), 0, lead, ct);
            var length = BinaryPrimitives.ReadInt32LittleEndian(lead.AsSpan(ManifestFormat.Magic.Length));
            if (!lead.AsSpan().StartsWith(ManifestFormat.Magic) || length is <= 0 or > ManifestFormat.LongestHeader)
            {
                throw Damaged(name, "it does not begin as a manifest does");
            }

            var rest = new byte[length + ManifestFormat.DigestSize];
            await store.ReadAtAsync(RepositoryNames.Manifest(name), lead.Length, rest, ct);
            return (Parse(name, rest.AsSpan(0, length), rest.AsSpan(length)), lead.Length + rest.Length);
        }
        catch (EndOfStreamException e)
        {
            throw Damaged(name, "it is cut off", e);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(name, e.Message, e);
        }
    }

    private static ManifestHeader Parse(string name, ReadOnlySpan<byte> json, ReadOnlySpan<byte> digest)
    {
        if (!SHA256.HashData(json).AsSpan().SequenceEqual(digest))
        {
            throw Damaged(name, "the checksum of its header is wrong");
        }

        var header = JsonSerializer.Deserialize(json, RepositoryJson.Default.ManifestHeader)!;
        return header.Format == ManifestHeader.CurrentFormat && header.Name == name
            ? header
            : throw Damaged(name, $"it is of format {header.Format} and names itself {header.Name}");
    }

    private async Task CopyAsync(string name, SafeFileHandle file, CancellationToken ct)
    {
        await using var source = await store.OpenReadAsync(RepositoryNames.Manifest(name), ct);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[CopyBytes];
        var kept = 0;
        long at = 0;
        int count;
        while ((count = await source.ReadAsync(buffer.AsMemory(kept), ct)) > 0)
        {
            RandomAccess.Write(file, buffer.AsSpan(kept, count), at);
            at += count;
            var available = kept + count;
            kept = Math.Min(available, ManifestFormat.DigestSize);
            digest.AppendData(buffer, 0, available - kept);
            buffer.AsSpan(available - kept, kept).CopyTo(buffer);
        }

        if (kept < ManifestFormat.DigestSize || !digest.GetHashAndReset().AsSpan().SequenceEqual(buffer.AsSpan(0, kept)))
        {
            throw Damaged(name, "its checksum is wrong");
        }
    }

    private static RepositoryDamagedException Damaged(string name, string what, Exception? inner = null) => new(
        $"The manifest of backup {name} is damaged: {what}. The backup cannot be used; delete it and take a new one.", inner);
}
