using System.Security.Cryptography;
using Capyd.Storage.Repository;

namespace Capyd.Archives;

/// <summary>An archive as it is stored: hashed while it is read, beside its reader, and compared at the end.</summary>
/// <param name="read">Told the share that has been read, 0–1.</param>
internal sealed class HashCheckedStream(Stream inner, ArchiveManifest manifest, Action<double> read) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _piece = [];
    private Task _hashing = Task.CompletedTask;
    private bool _ended;
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        await _hashing;
        Note(buffer.Span[..count]);
        return count;
    }

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        _hashing.GetAwaiter().GetResult();
        Note(buffer[..count]);
        return count;
    }

    /// <summary>The last piece is hashed by now; the next is hashed while the caller works on it.</summary>
    private void Note(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            var length = bytes.Length;
            _piece = _piece.Length < length ? new byte[length] : _piece;
            bytes.CopyTo(_piece);
            _hashing = Task.Run(() => _hash.AppendData(_piece, 0, length));
            _read += length;
            read(Math.Min(1, (double)_read / Math.Max(1, manifest.SizeBytes)));
        }
        else if (!_ended)
        {
            _ended = true;
            Compare();
        }
    }

    private void Compare()
    {
        var found = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (found != manifest.Sha256)
        {
            throw new InvalidDataException($"{manifest.BackupKey} is not what was written: its SHA-256 is {found}, and {manifest.Sha256} was recorded");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ = _hashing.ContinueWith(_ => _hash.Dispose(), TaskScheduler.Default);
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
