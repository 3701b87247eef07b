//! The wire: the handshake of `go-plugin`, then gRPC with Terraform over one local connection.
//!
//! A call is one message each way, so gRPC is little more than HTTP/2: a length before the message, a status after it.

use std::io::Write;
use std::net::Ipv4Addr;
use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use h2::RecvStream;
use h2::server::SendResponse;
use http::{HeaderMap, HeaderValue, Request, Response};
use tokio::net::TcpListener;

use crate::provider::Provider;

/// Answers Terraform until it hangs up.
///
/// # Errors
///
/// If the process was not started by Terraform, or not as the stand-in needs it, or the connection breaks.
pub fn serve(provider: Provider) -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(listen(Arc::new(provider)))
}

/// Value by which Terraform tells a provider that it is its host; no secret.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

async fn listen(provider: Arc<Provider>) -> Result<(), Box<dyn std::error::Error>> {
    if std::env::var("TF_PLUGIN_MAGIC_COOKIE").as_deref() != Ok(COOKIE) {
        return Err("this is a provider for tests: terraform starts it".into());
    }
    // TLS between two processes of one machine would be most of the build.
    if std::env::var_os("PLUGIN_CLIENT_CERT").is_some() {
        // Terraform shows what a provider says in place of the handshake.
        println!("the stand-in speaks without TLS: set TF_DISABLE_PLUGIN_TLS=1");
        return Err("set TF_DISABLE_PLUGIN_TLS=1".into());
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("1|6|tcp|{}|grpc", listener.local_addr()?);
    std::io::stdout().flush()?;

    let (socket, _) = listener.accept().await?;
    socket.set_nodelay(true)?;
    let mut connection = h2::server::handshake(socket).await?;
    while let Some(call) = connection.accept().await {
        let (request, respond) = call?;
        let provider = Arc::clone(&provider);
        tokio::spawn(async move {
            if let Err(error) = answer(&provider, request, respond).await {
                eprintln!("a call broke off: {error}");
            }
        });
    }
    Ok(())
}

async fn answer(
    provider: &Provider,
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
) -> Result<(), h2::Error> {
    let path = request.uri().path().to_owned();
    let known = match path.rsplit_once('/') {
        Some(("/tfplugin6.Provider", method)) => Provider::METHODS.contains(&method),
        Some(("/plugin.GRPCController", method)) => method == "Shutdown",
        _ => false,
    };
    let mut response = Response::new(());
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    if !known {
        // At once, since some of these calls are streams that never end.
        headers.insert("grpc-status", UNIMPLEMENTED);
        respond.send_response(response, true)?;
        return Ok(());
    }

    let message = message(request.into_body()).await?;
    let method = path.rsplit('/').next().unwrap_or_default();
    // A provider has nothing to do for `Shutdown`: it ends with the connection.
    let (status, reply) = match provider.call(method, &message).await {
        Ok(reply) => (OK, reply),
        Err(_) => (INVALID_ARGUMENT, Vec::new()),
    };
    let mut frame = BytesMut::with_capacity(PREFIX + reply.len());
    frame.put_u8(0);
    frame.put_u32(u32::try_from(reply.len()).expect("replies are far below 4 GB"));
    frame.put_slice(&reply);
    let mut stream = respond.send_response(response, false)?;
    stream.send_data(frame.freeze(), false)?;
    stream.send_trailers(HeaderMap::from_iter([(
        http::HeaderName::from_static("grpc-status"),
        status,
    )]))
}

const OK: HeaderValue = HeaderValue::from_static("0");
const INVALID_ARGUMENT: HeaderValue = HeaderValue::from_static("3");
const UNIMPLEMENTED: HeaderValue = HeaderValue::from_static("12");

/// Before each message: one byte for compression, which is never asked for, and four for its length.
const PREFIX: usize = 5;

async fn message(mut body: RecvStream) -> Result<Bytes, h2::Error> {
    let mut whole = BytesMut::new();
    while let Some(part) = body.data().await {
        let part = part?;
        body.flow_control().release_capacity(part.len())?;
        whole.extend_from_slice(&part);
    }
    Ok(whole.split_off(PREFIX.min(whole.len())).freeze())
}
