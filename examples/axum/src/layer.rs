//! The layer: judges the head of a request, and wraps its body.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use syntrap::{Detector, Verdict};
use tower::{Layer, Service};

use crate::body::CheckedBody;

/// Puts a [`SyntrapService`] around a service.
#[derive(Clone, Debug)]
pub struct SyntrapLayer {
    detector: Arc<Detector>,
}

impl SyntrapLayer {
    /// A layer that asks this detector.
    pub fn new(detector: Detector) -> Self {
        SyntrapLayer { detector: Arc::new(detector) }
    }
}

impl<S> Layer<S> for SyntrapLayer {
    type Service = SyntrapService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        SyntrapService { detector: self.detector.clone(), inner }
    }
}

/// Checks what goes to the inner service.
#[derive(Clone, Debug)]
pub struct SyntrapService<S> {
    detector: Arc<Detector>,
    inner: S,
}

impl<S> Service<Request<Body>> for SyntrapService<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if !query_is_benign(&self.detector, request.uri().query().unwrap_or_default()) {
            return Box::pin(async { Ok(StatusCode::FORBIDDEN.into_response()) });
        }
        let form = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            value.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
        });
        let refused = Arc::new(AtomicBool::new(false));
        let detector = self.detector.clone();
        let request =
            request.map(|body| Body::new(CheckedBody::new(body, detector, form, Arc::clone(&refused))));
        let answer = self.inner.call(request);
        Box::pin(async move {
            let response = answer.await?;
            // The service saw an error where the body ended; what it made of that is not sent.
            Ok(if refused.load(Ordering::Acquire) { StatusCode::FORBIDDEN.into_response() } else { response })
        })
    }
}

fn query_is_benign(detector: &Detector, query: &str) -> bool {
    form_urlencoded::parse(query.as_bytes()).all(|(name, value)| {
        [name, value].iter().all(|text| detector.verdict(text.as_bytes()) == Verdict::Benign)
    })
}
