//! Requests over loopback, bodies in pieces.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use axum::routing::any;
use http_body::Body as _;
use syntrap::Detector;
use syntrap_axum::SyntrapLayer;

const FORM: &str = "application/x-www-form-urlencoded";
const ATTACK: &str = "x%27+union+select+login%2C+secret+from+accounts+--+";

/// Starts a server; the number is how many bytes of bodies its streaming route has seen.
async fn serve() -> (SocketAddr, Arc<AtomicUsize>) {
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = seen.clone();
    let stream = move |mut body: Body| async move {
        while let Some(Ok(frame)) =
            std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
        {
            counter.fetch_add(frame.data_ref().map_or(0, Bytes::len), Ordering::Relaxed);
        }
        "done"
    };
    let app = Router::new()
        .route("/", any(|body: Bytes| async move { body.len().to_string() }))
        .route("/stream", any(stream))
        .layer(SyntrapLayer::new(Detector::default()))
        .layer(DefaultBodyLimit::max(8 << 20));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    (address, seen)
}

/// The status and the body of the answer to a request in chunks.
async fn send(address: SocketAddr, path: &str, kind: &str, pieces: Vec<String>) -> (u16, String) {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n"
    );
    tokio::task::spawn_blocking(move || {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.write_all(head.as_bytes()).unwrap();
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            // The server may have answered and closed before the body's end.
            let _ = write!(connection, "{:x}\r\n{piece}\r\n", piece.len());
        }
        let _ = connection.write_all(b"0\r\n\r\n");
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    })
    .await
    .unwrap()
}

fn bytes(text: &str) -> Vec<String> {
    text.chars().map(String::from).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_are_checked() {
    let (address, _) = serve().await;
    assert_eq!(send(address, "/?q=O%27Brien+and+Sons", FORM, vec![]).await, (200, "0".into()));
    assert_eq!(send(address, &format!("/?q={ATTACK}"), FORM, vec![]).await.0, 403);
    assert_eq!(send(address, &format!("/?{ATTACK}=1"), FORM, vec![]).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_checked_however_it_is_cut() {
    let (address, _) = serve().await;
    let ordinary = "a=O%27Brien+and+Sons&b=100%&c=%4";
    assert_eq!(send(address, "/", FORM, bytes(ordinary)).await, (200, ordinary.len().to_string()));
    let attack = format!("a=1&b={ATTACK}&c=2");
    assert_eq!(send(address, "/", FORM, bytes(&attack)).await.0, 403);
    assert_eq!(send(address, "/", FORM, vec![attack]).await.0, 403);
    // Only the first `=` parts a value from its name.
    for attack in ["name=x' or 'k'='k", "a=1&b=<svg onload=go()>"] {
        assert_eq!(send(address, "/", FORM, bytes(attack)).await.0, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_another_type_is_one_value() {
    let (address, _) = serve().await;
    let json = r#"{"name": "Anna", "count": 2}"#;
    assert_eq!(send(address, "/", "application/json", bytes(json)).await, (200, json.len().to_string()));
    let attack = r#"{"name": "x' union select login, secret from accounts -- "}"#;
    assert_eq!(send(address, "/", "application/json", bytes(attack)).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_megabyte_streams_through_and_its_end_is_held_back() {
    let (address, seen) = serve().await;
    let text = "The+parcel+goes+to+the+neighbours.+".repeat(30_000);
    let pieces =
        |text: &str| text.as_bytes().chunks(10_000).map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
    let ordinary = format!("text={text}");
    assert_eq!(send(address, "/stream", FORM, pieces(&ordinary)).await, (200, "done".into()));
    assert_eq!(seen.swap(0, Ordering::Relaxed), ordinary.len());

    let attack = format!("text={text}{ATTACK}");
    assert_eq!(send(address, "/stream", FORM, pieces(&attack)).await.0, 403);
    let seen = seen.load(Ordering::Relaxed);
    assert!((500_000..attack.len()).contains(&seen), "{seen} of {} bytes", attack.len());
}
