using System.Net;

namespace Capyd.Storage.Repository.S3;

/// <summary>Sends a body and reports each piece that went out. Leaves the body as it is, for the next attempt.</summary>
internal sealed class S3BodyContent(S3Body body, ProgressDeadline deadline) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var piece in body.Pieces())
        {
            await stream.WriteAsync(piece, cancellationToken);
            deadline.Touch();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
