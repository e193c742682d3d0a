//! A server that answers with the length of the body that reached it:
//! `cargo run --manifest-path examples/axum/Cargo.toml`, then
//! `curl -d "name=x' or 'k'='k" http://127.0.0.1:3000/`.

use axum::Router;
use axum::body::Bytes;
use axum::routing::any;
use syntrap::Detector;
use syntrap_axum::SyntrapLayer;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/", any(|body: Bytes| async move { format!("{} bytes\n", body.len()) }))
        .layer(SyntrapLayer::new(Detector::default()));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, app).await
}
