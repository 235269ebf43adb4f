//! One connection: its requests are read and answered until it ends.

use std::{
    convert::Infallible,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use hyper::{
    Request,
    body::Incoming,
    header::{CONNECTION, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use crate::{activity::Activity, app::App, body::Upload, reply::Refusal, routes};

/// What a request's line and headers may take up, in bytes.
const MAX_HEAD_BYTES: usize = 32 * 1024;
/// How much of what a client still sends after its answer is read, in bytes.
const MAX_UNREAD_BYTES: usize = 64 * 1024 * 1024;

pub async fn serve(stream: TcpStream, app: &App, activity: &Activity) {
    // Answers are small and written whole: waiting to fill packets would only delay them.
    let _ = stream.set_nodelay(true);
    let mut stream = Watched { stream, activity };
    let service = service_fn(async |request: Request<Incoming>| {
        let (head, body) = request.into_parts();
        let mut body = Upload::new(body, activity);
        let mut reply = routes::answer(app, head, &mut body).await;
        if app.stopping.has_begun() || !body.is_read() {
            reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        activity.answered();
        Ok::<_, Infallible>(reply)
    });
    let connection = http1::Builder::new()
        // A client that has finished sending may still be reading.
        .half_close(true)
        // The first applies to an incomplete head, the second to a complete one.
        .max_buf_size(MAX_HEAD_BYTES)
        .max_header_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(&mut stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection broke");
        // Hyper has already answered these.
        if error.is_parse_too_large() {
            app.tally.count(&Refusal::HeadTooLarge);
        } else if error.is_parse() {
            app.tally.count(&Refusal::BadHttp);
        }
    }
    activity.leaving();
    stream.read_off().await;
}

/// A stream that records what its client does.
struct Watched<'c> {
    stream: TcpStream,
    activity: &'c Activity,
}

impl Watched<'_> {
    /// Reads what the client still sends, and discards it. Many clients send a whole request
    /// before they look for an answer, and closing a connection with unread data would lose the
    /// answer as well.
    async fn read_off(&self) {
        let mut bytes = 0;
        while bytes < MAX_UNREAD_BYTES && self.stream.readable().await.is_ok() {
            let mut buffer = [0; 16 * 1024];
            match self.stream.try_read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => {
                    self.activity.read(&buffer[..read]);
                    bytes += read;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(_) => break,
            }
        }
    }

    /// Records how a write went.
    fn note<T>(&self, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match written {
            Poll::Ready(_) => self.activity.wrote(),
            Poll::Pending => self.activity.stalled(),
        }
        written
    }
}

impl AsyncRead for Watched<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.activity.read(&buffer.filled()[before..]);
        read
    }
}

impl AsyncWrite for Watched<'_> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.activity.flushed();
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
